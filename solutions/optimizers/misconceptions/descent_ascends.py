"""You walk uphill: the sign of the step is wrong."""

from __future__ import annotations

import torch

HINT = "The gradient points uphill; a step downhill subtracts it."


def gradient_descent(f, x0, lr, steps):
    x = x0.detach().clone()
    path = [x]
    for _ in range(steps):
        x = x.detach().requires_grad_()
        (g,) = torch.autograd.grad(f(x), x)
        x = (x + lr * g).detach()
        path.append(x)
    return torch.stack(path)
