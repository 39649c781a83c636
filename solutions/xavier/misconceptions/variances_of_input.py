"""You measure what goes into each Linear, not what comes out of it."""

from __future__ import annotations

import torch
from torch import nn

HINT = (
    "A forward hook is called with (module, inputs, output). What the layer does to the variance shows in its "
    "output."
)


def forward_variances(model, x):
    variances = []

    def record(module, inputs, output):
        variances.append(inputs[0].detach().var(correction=0).item())

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return variances


def backward_variances(model, x):
    seen = []

    def record(module, inputs, output):
        seen.append(inputs[0])

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = 0.5 * (model(x.detach().clone().requires_grad_()) ** 2).sum()
    finally:
        for handle in handles:
            handle.remove()
    return [g.var(correction=0).item() for g in torch.autograd.grad(loss, seen)]


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is due."
