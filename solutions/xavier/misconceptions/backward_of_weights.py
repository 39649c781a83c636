"""You measure the gradients of the weights, not those at the outputs."""

from __future__ import annotations

import torch
from torch import nn

HINT = (
    "The Glorot condition is about the signal that travels back through the layers: the gradient of the loss "
    "with respect to each layer's output. The gradient of a weight is that times the layer's input."
)


def backward_variances(model, x):
    weights = []

    def record(module, inputs, output):
        weights.append(module.weight)

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = 0.5 * (model(x) ** 2).sum()
    finally:
        for handle in handles:
            handle.remove()
    return [g.var(correction=0).item() for g in torch.autograd.grad(loss, weights)]


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is due."
