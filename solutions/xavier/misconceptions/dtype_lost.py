"""Your result has another dtype than the inputs."""

from __future__ import annotations

import math

import torch
from torch import nn

HINT = (
    "torch.rand, torch.zeros and .float() make float32, and assigning to .data takes their dtype along. Write "
    "into what is there (copy_, uniform_, zero_), or derive from it: zeros_like, empty_like."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    bound = gain * math.sqrt(6 / sum(_fans(weight)))
    weight.data = torch.rand(weight.shape, generator=generator) * 2 * bound - bound
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    std = gain * math.sqrt(2 / sum(_fans(weight)))
    weight.data = torch.randn(weight.shape, generator=generator) * std
    return weight


def init_xavier(model, gain=1.0):
    for module in model.modules():
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            xavier_uniform_(module.weight, gain)
            if module.bias is not None:
                module.bias.data = torch.zeros(module.bias.shape)
    return model


def zero_init(model):
    for parameter in model.parameters():
        parameter.data = torch.zeros(parameter.shape)
    return model


def forward_variances(model, x):
    variances = []

    def record(module, inputs, output):
        variances.append(output.detach().float().var(correction=0).item())

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return variances


def backward_variances(model, x):
    outputs = []

    def record(module, inputs, output):
        outputs.append(output)

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = 0.5 * (model(x) ** 2).sum()
    finally:
        for handle in handles:
            handle.remove()
    return [g.float().var(correction=0).item() for g in torch.autograd.grad(loss, outputs)]
