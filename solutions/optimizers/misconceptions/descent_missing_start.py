"""Your path leaves out the start x0."""

from __future__ import annotations

import torch

HINT = "Row 0 is the start itself: the path has steps + 1 rows."


def gradient_descent(f, x0, lr, steps):
    x, path = x0.detach().clone(), []
    for _ in range(steps):
        x = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(x), x)
        x = (x - lr * g).detach()
        path.append(x)
    return torch.stack(path) if path else x0.new_zeros((0, *x0.shape))


def evidence(exercise, yours, expected):
    """Count the rows of the public example's path."""
    return f"In the example your path has {len(yours)} rows; {len(expected) - 1} steps make {len(expected)}."
