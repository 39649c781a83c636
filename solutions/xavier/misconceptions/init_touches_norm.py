"""You change the parameters of a BatchNorm, too."""

from __future__ import annotations

import math

import torch

HINT = (
    "A BatchNorm's weight is a scale around one and no weight matrix; set to zero it stops every signal. "
    "Decide by the class of the module, not by the name or the shape of a parameter."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def _fill(weight, gain):
    bound = gain * math.sqrt(6 / sum(_fans(weight)))
    with torch.no_grad():
        weight.uniform_(-bound, bound)


def init_xavier(model, gain=1.0):
    for parameter in model.parameters():
        if parameter.dim() > 1:
            _fill(parameter, gain)
        else:
            with torch.no_grad():
                parameter.zero_()
    return model
