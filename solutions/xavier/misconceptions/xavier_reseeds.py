"""You set a seed inside the function, so every call draws the same numbers."""

from __future__ import annotations

import math

import torch

HINT = (
    "Two layers of one shape would get the same weights, and everything else that is random in the program is "
    "set back. The caller seeds, not the function."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    torch.manual_seed(0)
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(-bound, bound, generator=generator)


def xavier_normal_(weight, gain=1.0, generator=None):
    torch.manual_seed(0)
    fan_in, fan_out = _fans(weight)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.normal_(0.0, std, generator=generator)
