"""Your result has another dtype than the inputs."""

from __future__ import annotations

import torch
from torch import nn

HINT = (
    "torch.tensor(…) of Python numbers, .float() and torch.zeros(n) make float32. Stack or derive tensors from the "
    "inputs, or say dtype=…; with Python numbers, compute with math."
)


def sigmoid_grad(x):
    s = torch.sigmoid(x.float())
    return s * (1 - s)


def tanh_grad(x):
    return 1 - torch.tanh(x.float()) ** 2


def relu_grad(x):
    return (x > 0).float()


def chain_gradient(x, weights, activation, upstream=1.0):
    function = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation]
    slope = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: 1 - h**2,
        "relu": lambda h: (h > 0).float(),
    }[activation]
    hidden = [torch.tensor(x)]
    for w in weights[:-1]:
        hidden.append(function(w * hidden[-1]))
    delta = torch.tensor(upstream)
    found = []
    for i in range(len(weights) - 1, -1, -1):
        found.append((delta * hidden[i]).item())
        if i:
            delta = delta * weights[i] * slope(hidden[i])
    return found[::-1]


def vanishing_bound(x, weights, upstream=1.0):
    w = torch.tensor(weights)
    return (abs(upstream) * abs(x) * w[1:].abs().prod() * 0.25 ** (len(w) - 1)).item()


def linear_gradients(model):
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"{name} has no gradient")
            found[name] = torch.tensor(module.weight.grad.tolist())
    return found


def gradient_profile(model, x, y, loss_fn):
    model.zero_grad()
    loss_fn(model(x), y).backward()
    return torch.tensor([m.weight.grad.abs().mean().item() for m in model.modules() if isinstance(m, nn.Linear)])
