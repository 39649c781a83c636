"""The reference solution of `tensors`: every function as its text pins it, in plain torch and numpy."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def even_grid(start, end, steps, dtype=torch.float64):
    """Return `steps` points at equal distances, both ends included, shape (steps,)."""
    if steps < 1:
        raise ValueError(f"a grid has at least one point, not {steps}")
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    distance = (end - start) / (steps - 1)
    i = torch.arange(steps, dtype=torch.float64)
    return (start + i * distance).to(dtype)


def share_and_copy(array, value):
    """Return a tensor that shares the memory of a copy of `array`, and one that does not; then write into the copy."""
    a = array.copy()
    shared = torch.from_numpy(a)
    copied = torch.tensor(a)
    a[0] = value
    return shared, copied


def image_to_batch(image):
    """Return a uint8 picture (H, W) or (H, W, C) as a float32 batch (1, C, H, W) in [0, 1]."""
    pixels = torch.tensor(image)
    if pixels.dim() == 2:
        pixels = pixels.unsqueeze(2)
    channels = pixels.permute(2, 0, 1)
    return channels.unsqueeze(0).to(torch.float32) / 255


def batch_to_image(batch):
    """Return a floating-point batch (1, C, H, W) as a uint8 picture (H, W, C), or (H, W) for one channel."""
    pixels = batch[0].detach().cpu().numpy().transpose(1, 2, 0)
    image = np.rint(255 * pixels.clip(0, 1)).astype(np.uint8)
    return image[:, :, 0] if image.shape[2] == 1 else image


def one_hot(labels, num_classes):
    """Return int64 labels of any shape as float32 vectors, shape (*labels.shape, num_classes)."""
    if labels.is_floating_point():
        raise ValueError(f"labels are whole numbers, not {labels.dtype}")
    if (labels < 0).any():
        raise ValueError(f"a label is below 0: {int(labels.min())}")
    if (labels >= num_classes).any():
        raise ValueError(f"a label is {int(labels.max())}, where there are {num_classes} classes")
    classes = torch.arange(num_classes, device=labels.device)
    return (labels.unsqueeze(-1) == classes).to(torch.float32)


def mean_squared_error(prediction, target):
    """Return the mean of the squared differences, element by element, for shapes (N,) and (N, 1)."""
    if prediction.numel() != target.numel():
        raise ValueError(f"{prediction.numel()} predictions for {target.numel()} targets")
    difference = prediction.flatten() - target.flatten()
    return (difference**2).mean()


def standardize(train, test):
    """Return both, shapes (N, d) and (M, d), by the column means and biased deviations of `train`."""
    mean = train.mean(0)
    deviation = train.std(0, correction=0)
    deviation = torch.where(deviation == 0, torch.ones_like(deviation), deviation)
    return (train - mean) / deviation, (test - mean) / deviation


def tracked(f, x, enabled):
    """Return f(x), recorded by autograd if `enabled`, else not; afterwards the mode is as before."""
    with torch.set_grad_enabled(enabled):
        return f(x)


def intermediate_gradient(f, g, x):
    """Return the gradient of the scalar g(f(x)) with respect to f(x), of its shape."""
    y = f(x).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(g(y), y)
    return gradient


def second_derivative(f, x):
    """Return f″(x) element by element, for an f that works element by element."""
    x = x.detach().requires_grad_()
    (first,) = torch.autograd.grad(f(x).sum(), x, create_graph=True)
    if not first.requires_grad:
        return torch.zeros_like(x)
    (second,) = torch.autograd.grad(first.sum(), x)
    return second


class GradientScale(nn.Module):
    """Passes its input on; the gradient on its way back is multiplied by `factor`."""

    def __init__(self, factor):
        """Keep the factor."""
        super().__init__()
        self.factor = factor

    def forward(self, x):
        """Return x's values, of any shape."""
        out = x.view_as(x)
        if out.requires_grad:
            out.register_hook(lambda gradient: gradient * self.factor)
        return out
