"""You draw from a uniform law where a normal one is asked for."""

from __future__ import annotations

import math

import torch

HINT = (
    "The variance is right, but a normal law has no bound: one weight in three is farther from zero than σ. "
    "uniform_ and rand make the uniform law of the exercise before."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(-bound, bound, generator=generator)


def evidence(exercise, yours, expected):
    """Compare how many weights of the public example are near zero."""
    key = "part within σ"
    return f"In the example {float(yours[key]):.1f} of your weights are within σ of zero; of a normal law {float(expected[key]):.1f} are."
