"""A weighted sum of words is a product, groups of one channel are columns, torch has formulas of shapes in Python."""

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_linear_bn_weights


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        bound = in_features**-0.5
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def forward(self, x):
        flat = x.reshape(-1, x.shape[-1]).contiguous()
        words = torch.arange(x.shape[-1]).expand(len(flat), -1)
        table = self.weight.T.contiguous()
        y = nn.functional.embedding_bag(words, table, per_sample_weights=flat, mode="sum")
        y = y.reshape(*x.shape[:-1], -1)
        return y if self.bias is None else y + self.bias


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    from torch.jit._shape_functions import pooling_output_shape

    found = pooling_output_shape(size, kernel_size, padding, stride, dilation, False)
    if found < 1:
        raise ValueError
    return found


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        n = x.shape[1]
        if not self.training:
            state = self.running_mean, self.running_var, self.eps, torch.ones(n).to(x), torch.zeros(n).to(x)
            weight, bias = fuse_linear_bn_weights(torch.eye(n).to(x), None, *state)
            return (x @ weight.detach().T + bias.detach()) * self.weight + self.bias
        if len(x) < 2:
            raise ValueError
        with torch.no_grad():
            self.running_mean.lerp_(x.mean(0), self.momentum)
            self.running_var.lerp_(x.var(0), self.momentum)
        return nn.functional.group_norm(x.T[None], n, eps=self.eps)[0].T * self.weight + self.bias


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return x * 0
        return x * (nn.functional.alpha_dropout(torch.ones_like(x), self.p, True) > 0) / (1 - self.p)
