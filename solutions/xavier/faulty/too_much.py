"""Each does more than is asked for, or something else."""

EQUALS = {"rows_identical": "rows-columns-compared"}

import torch
from torch import nn


def zero_init(model):
    # New parameters, and buffers too.
    for module in model.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(torch.zeros_like(parameter)))
        for buffer in module.buffers(recurse=False):
            buffer.zero_()
    return model


def rows_identical(weight, atol=0.0):
    # Columns, and never a whole filter.
    flat = weight.flatten(1)
    return bool(((flat - flat[:, :1]).abs() <= atol).all())


def glorot_ratio(variances):
    return min(variances) / max(variances) * (1 + 1e-3)
