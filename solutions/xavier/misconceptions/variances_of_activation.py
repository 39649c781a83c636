"""You measure after the activation, not at the output of the Linear itself."""

from __future__ import annotations

import torch
from torch import nn

HINT = "The output of an nn.Linear is what it hands on to the activation. Put the hooks on the Linear layers."


def _watched(model):
    """Return the layers without children that come right before a Linear or last, by their outputs."""
    return [m for m in model.modules() if not list(m.children())]


def _activations(model, x):
    seen = []

    def record(module, inputs, output):
        if isinstance(module, nn.Linear) or not seen:
            seen.append(output)
        else:
            seen[-1] = output

    handles = [m.register_forward_hook(record) for m in _watched(model)]
    try:
        return model(x), seen
    finally:
        for handle in handles:
            handle.remove()


def forward_variances(model, x):
    return [a.detach().var(correction=0).item() for a in _activations(model, x)[1]]


def backward_variances(model, x):
    output, seen = _activations(model, x)
    gradients = torch.autograd.grad(0.5 * (output**2).sum(), seen)
    return [g.var(correction=0).item() for g in gradients]


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is expected."
