"""You divide by n − 1 where the number of elements n is asked for."""

from __future__ import annotations

import torch
from torch import nn

HINT = (
    "torch.var corrects for the estimated mean unless you say correction=0. Here the variance is the mean "
    "squared distance from the mean."
)
CONVENTION = True
USUAL_IN = "torch.var and in statistics, where a variance is estimated from a sample"


def forward_variances(model, x):
    variances = []

    def record(module, inputs, output):
        variances.append(output.detach().var().item())

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return variances


def backward_variances(model, x):
    outputs = []

    def record(module, inputs, output):
        outputs.append(output)

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = 0.5 * (model(x) ** 2).sum()
    finally:
        for handle in handles:
            handle.remove()
    return [g.var().item() for g in torch.autograd.grad(loss, outputs)]


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is due."
