"""You initialise the weights and leave the biases as they were."""

from __future__ import annotations

import math

import torch
from torch import nn

HINT = (
    "A bias starts at zero: it adds a mean to its unit's output, which the derivation does not want. Layers "
    "may have none."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def _fill(weight, gain):
    bound = gain * math.sqrt(6 / sum(_fans(weight)))
    with torch.no_grad():
        weight.uniform_(-bound, bound)


def init_xavier(model, gain=1.0):
    for module in model.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            _fill(module.weight, gain)
    return model
