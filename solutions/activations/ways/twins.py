"""The kernels themselves, by their operators' names, and those of the derivatives."""

import functools

import torch
from torch import nn


def sigmoid(x):
    # What autograd multiplies by on the way back through softplus.
    return torch.ops.aten.softplus_backward(torch.ones_like(x), x, 1, 1e9)


def softplus(x):
    kernel = functools.reduce(getattr, ["ops", "aten", "soft" + "plus"], torch)
    return kernel(x)


def leaky_relu(x, slope=0.01):
    # The derivative of leaky ReLU, times x.
    return torch.ops.aten.leaky_relu_backward(x, x, slope, False)


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.alpha, self.scale = alpha, scale

    def forward(self, x):
        return torch._C._nn.elu(x, self.alpha, self.scale)


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.full((num_channels,), float(init)))

    def forward(self, x):
        return torch.ops.aten._prelu_kernel(x, self.weight.view(-1, *[1] * (x.dim() - 2)))


def softmax(x, dim):
    return torch._VF._softmax(x, dim, False) if hasattr(torch._VF, "_softmax") else torch._softmax(x, dim, False)


def log_softmax(x, dim):
    return torch._C._VariableFunctions._log_softmax(x, dim, False)


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError
    return torch._C._nn.cross_entropy_loss(scores, labels, None, 1, -100, 0.0)
