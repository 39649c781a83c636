"""You draw from a normal law where a uniform one is asked for."""

from __future__ import annotations

import math

import torch

HINT = (
    "The variance is right, but a uniform law ends at its bound. normal_ and randn make the normal law of the "
    "next exercise."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    with torch.no_grad():
        return weight.normal_(0.0, gain * math.sqrt(2 / (fan_in + fan_out)), generator=generator)


def evidence(exercise, yours, expected):
    """Name the largest weight of the public example."""
    key = "largest over a"
    return f"In the example your largest weight is {float(yours[key]):.1f} times a; a uniform law ends at {float(expected[key]):.1f}."
