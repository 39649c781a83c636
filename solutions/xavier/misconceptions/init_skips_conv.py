"""You leave convolutions as they were."""

from __future__ import annotations

import math

import torch
from torch import nn

HINT = "A Conv2d has a weight with fans too, and its kernel counts in both. isinstance takes a tuple of classes."


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def _fill(weight, gain):
    bound = gain * math.sqrt(6 / sum(_fans(weight)))
    with torch.no_grad():
        weight.uniform_(-bound, bound)


def init_xavier(model, gain=1.0):
    for module in model.modules():
        if isinstance(module, nn.Linear):
            _fill(module.weight, gain)
            if module.bias is not None:
                with torch.no_grad():
                    module.bias.zero_()
    return model
