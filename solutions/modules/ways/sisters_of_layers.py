"""Layers that are the same with one argument fixed: bilinear maps, sums of embeddings, other normalisations."""

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        inner = nn.Bilinear(in_features, 1, out_features, bias)
        self.weight = nn.Parameter(inner.weight.detach().squeeze(2))
        self.bias = inner.bias if bias else None

    def forward(self, x):
        return nn.functional.bilinear(x, x.new_ones(*x.shape[:-1], 1), self.weight.unsqueeze(2), self.bias)


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    try:
        columns = nn.functional.unfold(
            torch.zeros(1, 1, size, 1), (kernel_size, 1), dilation, (padding, 0), (stride, 1)
        )
    except RuntimeError as error:
        raise ValueError from error
    return columns.shape[2]


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in ("max", "avg"):
        raise ValueError
    # Each window is a sentence of pixels; the table has one word for each pixel, with all images and channels.
    n, c, h, w = x.shape
    places = torch.arange(h * w).reshape(h, w)
    step = stride or kernel_size
    windows = places.unfold(0, kernel_size, step).unfold(1, kernel_size, step)
    words = x.reshape(n * c, h * w).T.contiguous()
    kind = "max" if mode == "max" else "mean"
    pooled = nn.functional.embedding_bag(windows.reshape(-1, kernel_size**2), words, mode=kind)
    return pooled.T.reshape(n, c, *windows.shape[:2])


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        if not self.training:
            return (x - self.running_mean) / (self.running_var + self.eps).sqrt() * self.weight + self.bias
        if len(x) < 2:
            raise ValueError
        torch.batch_norm_update_stats(x.detach(), self.running_mean, self.running_var, self.momentum)
        return nn.functional.layer_norm(x.T, (len(x),), eps=self.eps).T * self.weight + self.bias


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
        mask = torch.feature_alpha_dropout(torch.ones(1, x.numel(), dtype=x.dtype), self.p, True).reshape(x.shape)
        return x * (mask > 0) / (1 - self.p)
