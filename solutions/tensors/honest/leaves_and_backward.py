"""backward() with inputs=, hessians, context managers put together by hand, weighted sums."""

import contextlib

import torch
from torch import nn


def mean_squared_error(prediction, target):
    try:
        target = target.reshape(prediction.shape)
    except RuntimeError as error:
        raise ValueError("other numbers of elements") from error
    return torch.einsum("i,i->", *[(prediction - target).flatten()] * 2) / target.numel()


def standardize(train, test):
    n = train.shape[0]
    mean = train.sum(0, keepdim=True) / n
    deviation = (train - mean).norm(dim=0) / n**0.5
    deviation[deviation < 1e-12] = 1
    return torch.div(train - mean, deviation), torch.div(test - mean, deviation)


def tracked(f, x, enabled):
    with contextlib.ExitStack() as stack:
        stack.enter_context(torch.autograd.grad_mode.set_grad_enabled(mode=enabled))
        return f(x)


def intermediate_gradient(f, g, x):
    with torch.no_grad():
        y = f(x)
    y = nn.Parameter(y)
    g(y).backward(inputs=[y])
    return y.grad


def second_derivative(f, x):
    flat = x.detach().flatten()
    curvature = torch.autograd.functional.hessian(lambda v: f(v).sum(), flat)
    return curvature.diagonal().reshape(x.shape).clone()


class GradientScale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.register_buffer("factor", torch.tensor(factor, dtype=torch.float64))

    def forward(self, x):
        c = self.factor.item()
        return (1 - c) * x.detach() + c * x


def batch_to_image(batch):
    image = torch.einsum("nchw->hwc", batch.detach().cpu().double())
    image = torch.where(image < 0, 0.0, torch.where(image > 1, 1.0, image))
    image = (image * 255).round().to(torch.uint8)
    return image[..., 0].numpy() if image.shape[-1] == 1 else image.numpy()
