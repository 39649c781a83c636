"""New numbers from torch.rand and torch.randn, written over the old ones; loops with names."""

import math

import torch
from torch import nn


def fans(weight):
    if weight.ndim < 2:
        raise ValueError(f"no fans for shape {list(weight.shape)}")
    out, inp = weight.shape[:2]
    k = 1
    for size in weight.shape[2:]:
        k *= size
    return inp * k, out * k


def xavier_uniform_(weight, gain=1.0, generator=None):
    n_in, n_out = fans(weight)
    a = gain * math.sqrt(6.0 / (n_in + n_out))
    numbers = torch.rand(weight.shape, generator=generator, dtype=weight.dtype, device=weight.device)
    with torch.no_grad():
        weight.copy_(numbers * 2 * a - a)
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    n_in, n_out = fans(weight)
    std = gain * math.sqrt(2.0 / (n_in + n_out))
    numbers = torch.randn(weight.shape, generator=generator, dtype=weight.dtype, device=weight.device)
    with torch.no_grad():
        weight.copy_(std * numbers)
    return weight


def init_xavier(model, gain=1.0):
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear) or isinstance(module, nn.Conv2d):
            xavier_uniform_(module.weight, gain=gain)
            if module.bias is not None:
                module.bias.data.zero_()
    return model


def zero_init(model):
    for name, p in model.named_parameters():
        p.data.zero_()
    return model


def rows_identical(weight, atol=0.0):
    for row in weight[1:]:
        if (row - weight[0]).abs().max().item() > atol:
            return False
    return True


def forward_variances(model, x):
    outputs = []
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            handles.append(module.register_forward_hook(lambda m, i, o: outputs.append(o)))
    try:
        model(x)
    finally:
        for h in handles:
            h.remove()
    return [torch.var(o, unbiased=False).item() for o in outputs]


def backward_variances(model, x):
    outputs = []
    handles = []
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            handles.append(module.register_forward_hook(lambda m, i, o: outputs.append(o)))
    try:
        y = model(x)
    finally:
        for h in handles:
            h.remove()
    grads = torch.autograd.grad((y**2).sum() / 2, outputs)
    return [torch.var(g, unbiased=False).item() for g in grads]


def glorot_ratio(variances):
    biggest = smallest = variances[0]
    for v in variances:
        biggest = v if v > biggest else biggest
        smallest = v if v < smallest else smallest
    return biggest / smallest
