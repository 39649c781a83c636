"""You use fan_out alone: the variance that keeps gradients on the way back."""

from __future__ import annotations

import math

import torch

HINT = (
    "1/fan_out keeps gradients on the way back and 1/fan_in signals on the way forward. Xavier's variance is "
    "one over the mean of the two fans. (For an nn.Linear, the first dimension of the weight is the output.)"
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(3 / fan_out)
    with torch.no_grad():
        return weight.uniform_(-bound, bound, generator=generator)


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    std = gain * math.sqrt(1 / fan_out)
    with torch.no_grad():
        return weight.normal_(0.0, std, generator=generator)


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is due."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is due, not {float(expected[key]):.1f}."
