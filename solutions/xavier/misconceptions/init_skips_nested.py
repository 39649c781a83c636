"""You look at the direct children only: layers deeper in the model are as they were."""

from __future__ import annotations

import math

import torch
from torch import nn

HINT = (
    "children() and a loop over a Sequential stop at the first level. modules() walks through the whole tree, "
    "and named_modules() gives the names along."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def _fill(weight, gain):
    bound = gain * math.sqrt(6 / sum(_fans(weight)))
    with torch.no_grad():
        weight.uniform_(-bound, bound)


def init_xavier(model, gain=1.0):
    for module in [model, *model.children()]:
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            _fill(module.weight, gain)
            if module.bias is not None:
                nn.Module.requires_grad_(module, True)
                with torch.no_grad():
                    module.bias.zero_()
    return model
