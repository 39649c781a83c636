"""You return a new tensor and leave the weight as it was."""

from __future__ import annotations

import math

import torch

HINT = (
    "A name that ends in _ promises to work in place: whoever calls it goes on with the tensor that they "
    "gave. Methods such as copy_, uniform_ and mul_ write into it; weight = … only gives a name to something "
    "new."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return torch.empty_like(weight, requires_grad=False).uniform_(-bound, bound, generator=generator)


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    return torch.empty_like(weight, requires_grad=False).normal_(0.0, std, generator=generator)
