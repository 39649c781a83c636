"""Your weights are all of one sign: you draw between zero and a positive bound."""

from __future__ import annotations

import math

import torch

HINT = (
    "torch.rand is uniform between 0 and 1. Weights lie around zero, on both sides; with a mean that is not "
    "zero the variances do not add up as the derivation assumes."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(0.0, bound, generator=generator)


def evidence(exercise, yours, expected):
    """Name the smallest weight of the public example."""
    key = "smallest over a"
    return f"In the example your smallest weight is {float(yours[key]):.1f} times a; {float(expected[key]):.1f} is due."
