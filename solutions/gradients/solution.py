"""The reference solution of `gradients`: every function as course.md pins it, in plain torch."""

from __future__ import annotations

import math

import torch
from matplotlib import pyplot as plt
from torch import nn


def sigmoid_grad(x):
    """Return σ(x)·(1 − σ(x))."""
    s = torch.sigmoid(x)
    return s * (1 - s)


def tanh_grad(x):
    """Return 1 − tanh²(x)."""
    return 1 - torch.tanh(x) ** 2


def relu_grad(x):
    """Return 1 where x is positive, 0 elsewhere."""
    return (x > 0).to(x.dtype)


def chain_gradient(x, weights, activation, upstream=1.0):
    """Return upstream·∂y/∂wᵢ for i = 1…n by the chain rule, from the last weight to the first."""
    functions = {
        # Written so that nothing overflows far out.
        "sigmoid": lambda z: 0.5 * (1 + math.tanh(z / 2)),
        "tanh": math.tanh,
        "relu": lambda z: max(z, 0.0),
    }
    # By the value h = F(z): σ' = h·(1 − h), tanh' = 1 − h², and ReLU is flat where h is zero.
    derivatives = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: 1 - h * h,
        "relu": lambda h: 1.0 if h > 0 else 0.0,
    }
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(functions[activation](w * hidden[-1]))
    delta = upstream
    gradients = [0.0] * len(weights)
    for i in reversed(range(len(weights))):
        gradients[i] = delta * hidden[i]
        # What arrives before the activation of the layer below.
        if i > 0:
            delta = delta * weights[i] * derivatives[activation](hidden[i])
    return gradients


def vanishing_bound(x, weights, upstream=1.0):
    """Return abs(upstream)·abs(x)·Πᵢ₌₂ⁿ abs(wᵢ)·(1/4)ⁿ⁻¹."""
    bound = abs(upstream) * abs(x)
    for w in weights[1:]:
        bound = bound * abs(w) / 4
    return float(bound)


def linear_gradients(model):
    """Return a detached copy of every Linear's weight gradient by qualified name."""
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"The layer {name!r} has no gradient: call backward() first.")
            found[name] = module.weight.grad.detach().clone()
    return found


def gradient_profile(model, x, y, loss_fn):
    """Return the mean absolute weight gradient of every Linear, shape (n_linear,)."""
    weights = [m.weight for m in model.modules() if isinstance(m, nn.Linear)]
    gradients = torch.autograd.grad(loss_fn(model(x), y), weights)
    return torch.stack([g.abs().mean() for g in gradients])


def vanishing_ratio(profile):
    """Return the first entry over the last."""
    return float(profile[0] / profile[-1])


def diagnose(profile, low=1e-2, high=1e2):
    """Return "vanishing", "exploding" or "stable"."""
    if not torch.isfinite(profile).all():
        return "exploding"
    ratio = profile[0] / profile[-1]
    if ratio < low:
        return "vanishing"
    return "exploding" if ratio > high else "stable"


def weights_vp(model, att="grad"):
    """Draw one violin for each Linear over its weight's gradients or values; return the Axes."""
    if att not in {"grad", "weight"}:
        raise ValueError(f"att is 'grad' or 'weight', not {att!r}")
    layers = [m for m in model.modules() if isinstance(m, nn.Linear)]
    tensors = [m.weight.grad if att == "grad" else m.weight for m in layers]
    positions = range(1, len(layers) + 1)
    _, axes = plt.subplots()
    axes.violinplot([t.detach().cpu().flatten().numpy() for t in tensors], positions)
    axes.set_xticks(positions)
    axes.set_xlabel("num_hidden")
    axes.set_title(att)
    return axes


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    """Return the gradient profile of every epoch, shape (epochs, n_linear)."""
    torch.manual_seed(seed)
    kind = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):  # noqa: B905, RUF007 - as a student writes it
        layers += [nn.Linear(fan_in, fan_out), kind()]
    # The numbers are drawn in float32 on the CPU wherever x lives, and in whatever dtype it is.
    model = nn.Sequential(*layers[:-1]).to(x)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    rows = []
    for _ in range(epochs):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        rows.append(torch.stack([m.weight.grad.abs().mean() for m in layers if isinstance(m, nn.Linear)]))
        optimizer.step()
    return torch.stack(rows)
