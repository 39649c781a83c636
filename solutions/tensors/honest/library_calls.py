"""What the library offers: lerp, scatter, torch.func, an autograd function."""

import torch
from torch import nn


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError("steps")
    a, b = (torch.tensor(float(v), dtype=torch.float64) for v in (start, end))
    weight = torch.arange(steps, dtype=torch.float64) / max(1, steps - 1)
    return torch.lerp(a, b, weight).to(dtype)


def share_and_copy(array, value):
    a = array.copy()
    shared, copied = torch.from_dlpack(a), torch.asarray(a, copy=True)
    a[0] = value
    return shared, copied


def image_to_batch(image):
    pixels = torch.as_tensor(image)
    if pixels.ndim == 2:
        return pixels[None, None].float().div(255)
    return pixels.movedim(-1, 0)[None].float().div(255)


def batch_to_image(batch):
    image = batch.detach().squeeze(0).movedim(0, -1).clamp(0, 1).mul(255).add(0.5).floor().byte().cpu()
    return (image.squeeze(-1) if image.shape[-1] == 1 else image).numpy()


def one_hot(labels, num_classes):
    if torch.is_floating_point(labels):
        raise ValueError("floating")
    if labels.lt(0).any() or labels.ge(num_classes).any():
        raise ValueError("range")
    zeros = torch.zeros(*labels.shape, num_classes, device=labels.device)
    return zeros.scatter(-1, labels.unsqueeze(-1), 1.0)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    d = torch.sub(prediction.ravel(), target.ravel())
    return torch.dot(d, d) / d.numel()


def standardize(train, test):
    variance, mean = torch.var_mean(train, dim=0, correction=0)
    variance = variance.masked_fill(variance == 0, 1.0)
    return tuple(nn.functional.batch_norm(x, mean, variance, training=False, eps=0.0) for x in (train, test))


def tracked(f, x, enabled):
    @(torch.enable_grad() if enabled else torch.no_grad())
    def call(v):
        return f(v)

    return call(x)


def intermediate_gradient(f, g, x):
    return torch.func.grad(g)(f(x).detach())


def second_derivative(f, x):
    slope = torch.func.grad(lambda v: f(v).sum())
    return torch.func.grad(lambda v: slope(v).sum())(x.detach())


class _Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x.view_as(x)

    @staticmethod
    def backward(ctx, gradient):
        return gradient * ctx.factor, None


class GradientScale(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return _Scale.apply(x, self.factor)
