"""One line each, where one line will do."""

import torch
from torch import nn


def sigmoid(x):
    return x.mul(0.5).tanh().add(1).div(2)


def softplus(x):
    # Half of it is odd: (x + |x|)/2 is the maximum of x and 0, with the slope ½ at 0.
    return (x + x.abs()) / 2 + x.abs().neg().exp().log1p()


def leaky_relu(x, slope=0.01):
    return torch.relu(x) - slope * torch.relu(-x)


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.f = lambda x: scale * (torch.relu(x) + alpha * torch.expm1(-torch.relu(-x)))

    def forward(self, x):
        return self.f(x)


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_channels).fill_(init))

    def forward(self, x):
        w = self.weight[(None, ...) + (None,) * (x.dim() - 2)] if x.dim() > 1 else self.weight
        return x.clamp(min=0) + w * x.clamp(max=0)


def maxout(x, weight, bias):
    return torch.stack([x @ w.mT + b for w, b in zip(weight, bias)]).amax(0)


def collapse(weights, biases):
    # A row of ones carries the bias through: each layer is one matrix.
    def affine(w, b):
        last = torch.zeros(1, w.shape[1] + 1).to(w)
        last[0, -1] = 1
        return torch.cat([torch.cat([w, b[:, None]], 1), last])

    whole = affine(weights[0], biases[0])
    for w, b in zip(weights[1:], biases[1:]):
        whole = affine(w, b) @ whole
    return whole[:-1, :-1].clone(), whole[:-1, -1].clone()


def saturated_fraction(activation, x, threshold):
    match activation:
        case "sigmoid":
            slope = sigmoid(x) * sigmoid(-x)
        case "tanh":
            slope = torch.cosh(x.clamp(-40, 40)) ** -2
        case "relu":
            slope = torch.heaviside(x, torch.zeros_like(x))
        case "leaky_relu":
            slope = torch.where(x > 0, 1.0, 0.01)
        case "softplus":
            slope = sigmoid(x)
        case _:
            raise ValueError(activation)
    return (slope.abs() < threshold).float().mean().item()


def dead_units(z):
    return z.amax(0) <= 0


def softmax(x, dim):
    return (x - x.max(dim, keepdim=True).values).exp() / (x - x.max(dim, keepdim=True).values).exp().sum(dim, True)


def log_softmax(x, dim):
    top = x.amax(dim, True)
    return x - (top + (x - top).exp().sum(dim, True).log())


def cross_entropy(scores, labels):
    if labels.dtype.is_floating_point:
        raise TypeError(f"{labels.dtype} is no dtype of labels")
    if (scores.ndim, labels.ndim, len(labels)) != (2, 1, len(scores)):
        raise ValueError("shapes")
    return log_softmax(scores, 1).neg()[range(len(labels)), labels].mean()
