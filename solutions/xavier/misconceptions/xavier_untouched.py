"""You return the weight as it was: your numbers never reach it."""

from __future__ import annotations

import math

HINT = (
    "The new numbers were computed, but not written into the weight. Methods such as copy_, uniform_ and mul_ "
    "do that; plain arithmetic and clone() make another tensor."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    weight.detach().clone().uniform_(-bound, bound, generator=generator)
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    std = gain * math.sqrt(2 / (fan_in + fan_out))
    weight.detach().clone().normal_(0.0, std, generator=generator)
    return weight
