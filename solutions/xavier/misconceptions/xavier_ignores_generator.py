"""You do not draw from the generator that you are given."""

from __future__ import annotations

import math

import torch

HINT = (
    "Hand it on: rand, randn, uniform_ and normal_ take generator=…. Without that they draw from the global "
    "generator, and the caller cannot repeat the numbers."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(-bound, bound)


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.normal_(0.0, std)
