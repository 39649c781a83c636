"""The reference solution of `activations`: every function in plain torch, finite wherever its formula is."""

from __future__ import annotations

import torch
from torch import nn


def sigmoid(x):
    """Return 1/(1 + e⁻ˣ)."""
    # The same function, written with one that cannot overflow, nor can its derivative.
    return 0.5 * (1 + torch.tanh(0.5 * x))


def softplus(x):
    """Return log(1 + eˣ)."""
    # The exponential sees no positive number. At zero maximum() halves its gradient, which makes it ½ in all.
    return torch.maximum(x, torch.zeros_like(x)) + torch.log1p(torch.exp(-x.abs()))


def leaky_relu(x, slope=0.01):
    """Return x where it is positive, slope·x elsewhere."""
    return torch.where(x > 0, x, slope * x)


class ELU(nn.Module):
    """scale·x where x is positive, scale·alpha·(eˣ − 1) elsewhere."""

    def __init__(self, alpha=1.0, scale=1.0):
        """Keep both constants."""
        super().__init__()
        self.alpha = alpha
        self.scale = scale

    def forward(self, x):
        """Return the activation element by element."""
        # where() hands a gradient to both branches: zero times infinity would be NaN.
        negative = self.alpha * torch.expm1(torch.clamp(x, max=0))
        return self.scale * torch.where(x > 0, x, negative)


class PReLU(nn.Module):
    """x where it is positive, weight·x elsewhere: one learned slope for each channel, or one for all."""

    def __init__(self, num_channels=1, init=0.25):
        """Make the parameter `weight`, shape (num_channels,)."""
        super().__init__()
        self.weight = nn.Parameter(torch.full((num_channels,), float(init)))

    def forward(self, x):
        """Return the activation of x, (batch, channels, …)."""
        # The slopes stand along dimension 1, with a dimension of one for each that follows.
        slope = self.weight.reshape(-1, *[1] * (x.dim() - 2))
        return torch.where(x > 0, x, slope * x)


def maxout(x, weight, bias):
    """Return the largest of k linear maps, unit by unit."""
    maps = torch.einsum("ni,koi->nko", x, weight) + bias
    return maps.amax(1)


def collapse(weights, biases):
    """Return (weight, bias) of the one layer that all of them are."""
    weight, bias = weights[0], biases[0]
    for w, b in zip(weights[1:], biases[1:]):  # noqa: B905 - as a student writes it
        weight, bias = w @ weight, w @ bias + b
    return weight, bias


def saturated_fraction(activation, x, threshold):
    """Return the share of x's elements where abs(F′) < threshold."""
    if activation == "sigmoid":
        slope = (1 - torch.tanh(x / 2) ** 2) / 4
    elif activation == "tanh":
        slope = 1 - torch.tanh(x) ** 2
    elif activation == "relu":
        slope = (x > 0).to(x.dtype)
    elif activation == "leaky_relu":
        slope = torch.where(x > 0, 1.0, 0.01)
    elif activation == "softplus":
        slope = (1 + torch.tanh(x / 2)) / 2
    else:
        raise ValueError(f"unknown activation {activation!r}")
    return (slope.abs() < threshold).double().mean().item()


def dead_units(z):
    """Return which units are positive for no sample, bool (units,)."""
    return (z <= 0).all(0)


def softmax(x, dim):
    """Return eˣ over its sum along dim."""
    # A common factor of a row cancels; the largest exponential is 1 then.
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / e.sum(dim, keepdim=True)


def log_softmax(x, dim):
    """Return x − log Σ eˣ along dim."""
    shifted = x - x.amax(dim, keepdim=True)
    return shifted - torch.log(torch.exp(shifted).sum(dim, keepdim=True))


def cross_entropy(scores, labels):
    """Return the mean over the samples of −log softmax(scores)[label]."""
    if labels.is_floating_point():
        raise TypeError(f"labels are whole numbers, not {labels.dtype}")
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError(f"scores {tuple(scores.shape)} and labels {tuple(labels.shape)} are not (N, C) and (N,)")
    chosen = log_softmax(scores, 1).gather(1, labels[:, None])
    return -chosen.mean()
