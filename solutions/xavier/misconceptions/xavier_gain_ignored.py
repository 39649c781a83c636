"""You ignore the gain."""

from __future__ import annotations

import math

import torch

HINT = "The gain is a factor on all weights: it makes up for what the activation after the layer takes away."


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(-bound, bound, generator=generator)


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    std = math.sqrt(2 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.normal_(0.0, std, generator=generator)


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is due."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is due, not {float(expected[key]):.1f}."
