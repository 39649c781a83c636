"""The functional forms, called by way of texts and of other modules that know them."""

import importlib

import torch
from torch import nn

_functions = importlib.import_module("torch.nn." + "functional")


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = in_features**-0.5
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def forward(self, x):
        return getattr(_functions, "lin" + "ear")(x, self.weight, self.bias)


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError
    # An image is a volume of one layer.
    y = _functions.conv3d(x[:, :, None], weight[:, :, None], bias, (1, stride, stride), (0, padding, padding))
    return y[:, :, 0]


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in ("max", "avg"):
        raise ValueError
    if mode == "max":
        return torch.max_pool2d_with_indices(x, kernel_size, stride or kernel_size)[0]
    return torch._C._nn.avg_pool2d(x, kernel_size, stride or kernel_size)


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
        # A batch of features is one picture of one line for each of them.
        options = (self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps)
        return _functions.instance_norm(x.T[None], *options)[0].T


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p = p

    def forward(self, x):
        return torch.native_dropout(x, self.p, self.training)[0]
