"""Annotations, names for every step, helpers in cells of their own, prints on the way."""

from __future__ import annotations

import contextlib

import numpy as np
import torch
from torch import Tensor, nn

EXTRA_CELLS = [
    """def show(name, tensor):
    print(f"{name}: {tuple(tensor.shape)} {tensor.dtype}")
""",
    "show('a test', torch.ones(2, 3))\ntorch.manual_seed(0)\nplt.plot(torch.linspace(0, 1, 5), np.linspace(0, 1, 5))",
]


def even_grid(start: float, end: float, steps: int, dtype: torch.dtype = torch.float64) -> Tensor:
    if steps < 1:
        raise ValueError(f"steps has to be positive, it is {steps}")
    grid = torch.full((steps,), float(start), dtype=torch.float64)
    if steps > 1:
        gap = (end - start) / (steps - 1)
        grid[1:] = gap
        grid = grid.cumsum(0)
    show("grid", grid)  # noqa: F821
    return grid.to(dtype)


def share_and_copy(array: np.ndarray, value: float) -> tuple[Tensor, Tensor]:
    a = np.array(array, copy=True)
    copied = torch.tensor(a, dtype=torch.from_numpy(a).dtype)
    shared = torch.from_numpy(a)
    assert shared.dtype == copied.dtype
    a[0] = value
    return (shared, copied)


def image_to_batch(image: np.ndarray) -> Tensor:
    assert image.dtype == np.uint8
    grey = len(image.shape) == 2
    height, width = image.shape[:2]
    channels = 1 if grey else image.shape[2]
    tensor = torch.from_numpy(image.astype(np.float32))
    tensor = tensor.view(height, width, channels)
    tensor = tensor.transpose(1, 2).transpose(0, 1).contiguous()
    tensor = tensor * (1 / 255)
    return tensor.view(1, channels, height, width)


def batch_to_image(batch: Tensor) -> np.ndarray:
    with torch.no_grad():
        inside = torch.minimum(torch.maximum(batch, torch.zeros_like(batch)), torch.ones_like(batch))
        levels = torch.round(inside * 255.0)
        rows = levels.squeeze(0).permute(1, 2, 0).contiguous()
    picture = rows.cpu().numpy().astype(np.uint8)
    return picture.reshape(picture.shape[:2]) if picture.shape[-1] == 1 else picture


def one_hot(labels: Tensor, num_classes: int) -> Tensor:
    if labels.is_floating_point() or labels.is_complex():
        raise ValueError("labels are integers")
    smallest, largest = labels.min().item(), labels.max().item()
    if smallest < 0 or largest > num_classes - 1:
        raise ValueError(f"labels go from {smallest} to {largest}")
    flat = labels.reshape(-1)
    vectors = torch.zeros((flat.shape[0], num_classes), dtype=torch.float32, device=labels.device)
    vectors[torch.arange(flat.shape[0], device=labels.device), flat] = 1
    return vectors.unflatten(0, labels.shape) if labels.dim() else vectors[0]


def mean_squared_error(prediction: Tensor, target: Tensor) -> Tensor:
    n = prediction.numel()
    if target.numel() != n:
        raise ValueError(f"{n} predictions, {target.numel()} targets")
    column = prediction.reshape(n, 1) - target.reshape(n, 1)
    squares = torch.pow(column, 2)
    return torch.sum(squares) / n


def standardize(train: Tensor, test: Tensor) -> tuple[Tensor, Tensor]:
    centre = torch.mean(train, 0)
    centred = train - centre
    size = torch.sqrt(torch.mean(centred * centred, 0))
    constant = (train == train[0]).all(0)
    size = torch.where(constant, torch.tensor(1.0, dtype=size.dtype, device=size.device), size)
    new_train, new_test = centred.clone(), (test - centre).clone()
    new_train /= size
    new_test.div_(size)
    return new_train, new_test


def tracked(f, x: Tensor, enabled: bool) -> Tensor:
    before = torch.is_grad_enabled()
    try:
        torch.set_grad_enabled(enabled)
        return f(x)
    finally:
        torch.set_grad_enabled(before)


def intermediate_gradient(f, g, x: Tensor) -> Tensor:
    seen: list[Tensor] = []
    leaf = x.detach().clone().requires_grad_()
    middle = f(leaf)
    middle.register_hook(seen.append)
    torch.autograd.grad(g(middle), leaf)
    (gradient,) = seen
    return gradient


def second_derivative(f, x: Tensor) -> Tensor:
    leaf = x.detach().clone().requires_grad_()
    with contextlib.nullcontext():
        total = f(leaf).sum()
        slope = torch.autograd.grad(total, leaf, create_graph=True)[0]
    try:
        return torch.autograd.grad(slope.sum(), leaf)[0]
    except RuntimeError:
        # A line.
        return torch.zeros_like(leaf.detach())


class GradientScale(nn.Module):
    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = float(factor)
        self.register_full_backward_hook(self._scale)

    def _scale(self, module: nn.Module, into: tuple[Tensor, ...], out: tuple[Tensor, ...]) -> tuple[Tensor | None, ...]:
        return tuple(None if g is None else g * self.factor for g in into)

    def forward(self, x: Tensor) -> Tensor:
        return x.view_as(x)
