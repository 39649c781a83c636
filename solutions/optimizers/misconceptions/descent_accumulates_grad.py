"""Your gradients add up over the steps."""

from __future__ import annotations

import torch

HINT = (
    "backward() adds to .grad. Clear it before each step, or use torch.autograd.grad, which returns "
    "the gradient alone."
)


def gradient_descent(f, x0, lr, steps):
    x = x0.detach().clone().requires_grad_()
    path = [x.detach().clone()]
    for _ in range(steps):
        f(x).backward()
        with torch.no_grad():
            x -= lr * x.grad
        path.append(x.detach().clone())
    return torch.stack(path)
