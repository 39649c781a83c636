"""The same layers under other names: for other dimensions, as operators, inside of other layers."""

import functools

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        inner = nn.Linear(in_features, out_features, bias)
        self.weight, self.bias = inner.weight, inner.bias

    def forward(self, x):
        return torch.ops.aten.linear(x, self.weight, self.bias)


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError
    convolution = functools.reduce(getattr, ["ops", "aten", "convo" + "lution"], torch)
    return convolution(x, weight, bias, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1)


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in ("max", "avg"):
        raise ValueError
    size, step = (1, kernel_size, kernel_size), (1, stride or kernel_size, stride or kernel_size)
    pool = nn.MaxPool3d(size, step) if mode == "max" else nn.AvgPool3d(size, step)
    return pool(x)


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if self.training and len(x) < 2:
            raise ValueError
        state = self.weight, self.bias, self.running_mean, self.running_var
        return torch.native_batch_norm(x, *state, self.training, self.momentum, self.eps)[0]


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.inner = nn.Dropout2d(p)

    def forward(self, x):
        return self.inner(x.reshape(1, -1, 1, 1)).reshape(x.shape)
