"""You put new parameters in the place of the old ones."""

from __future__ import annotations

import math

import torch
from torch import nn

HINT = (
    "An optimizer that was made before holds the old objects and would go on updating them, without any "
    "effect on the model. Write into the parameters that are there, under torch.no_grad()."
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
            weight = torch.empty_like(module.weight, requires_grad=False)
            _fill(weight, gain)
            module.weight = nn.Parameter(weight)
            if module.bias is not None:
                module.bias = nn.Parameter(torch.zeros_like(module.bias))
    return model
