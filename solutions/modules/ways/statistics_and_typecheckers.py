"""Batch normalisation in parts, by operators that larger layers call, and the size by torch's checker of graphs."""

import types

import torch
from torch import nn


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    from torch.fx.experimental.graph_gradual_typechecker import calculate_out_dimension

    module = types.SimpleNamespace(kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation)
    found = calculate_out_dimension(size, module, 0)
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
        mean, var = self.running_mean, self.running_var
        if self.training:
            if len(x) < 2:
                raise ValueError
            torch.batch_norm_update_stats(x.detach(), mean, var, self.momentum)
            y, _, _ = torch.native_layer_norm(x.T, [len(x)], None, None, self.eps)
            return y.T * self.weight + self.bias
        operators = nn.functional.torch.ops.aten
        return operators._batch_norm_no_update(x, self.weight, self.bias, mean, var, 0.1, self.eps)[0]
