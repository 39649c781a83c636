"""Slopes by autograd, losses sample by sample, layers out of smaller layers."""

from functools import reduce

import torch
import torch.nn.functional as F
from torch import nn


def sigmoid(x):
    # The clamp lets no gradient through far out, which is right: there is none.
    return 1 / (1 + torch.exp(-torch.clamp(x, -500, 500))) if x.dtype == torch.float64 else (torch.tanh(x / 2) + 1) / 2


def softplus(x):
    # Two branches, each fed with what suits it.
    small = torch.where(x > 0, torch.zeros_like(x), x)
    large = torch.where(x > 0, x, torch.zeros_like(x))
    return torch.where(x > 0, large + torch.log1p(torch.exp(-large)), torch.log1p(torch.exp(small)))


def leaky_relu(x, slope=0.01):
    return F.relu(x) + slope * (x - F.relu(x))


class _Negative(nn.Module):
    def forward(self, x):
        return torch.minimum(x, x.new_zeros(()))


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.positive, self.negative = nn.ReLU(), _Negative()
        self.factors = {"positive": scale, "negative": scale * alpha}

    def forward(self, x):
        below = self.negative(x).expm1()
        return self.factors["positive"] * self.positive(x) + self.factors["negative"] * below


class PReLU(nn.Module):
    weight: nn.Parameter

    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.weight = nn.Parameter(torch.Tensor(num_channels))
        nn.init.constant_(self.weight, init)

    def forward(self, x):
        if self.weight.numel() == 1:
            return torch.where(x >= 0, x, self.weight * x)
        channels = [torch.where(c >= 0, c, w * c) for c, w in zip(x.unbind(1), self.weight)]
        return torch.stack(channels, dim=1)


def maxout(x, weight, bias):
    maps = torch.matmul(weight, x.T).permute(2, 0, 1) + bias.unsqueeze(0)
    return torch.gather(maps, 1, maps.argmax(1, keepdim=True)).squeeze(1)


def collapse(weights, biases):
    def join(below, above):
        return above[0] @ below[0], F.linear(below[1], *above)

    return reduce(join, zip(weights, biases))


def saturated_fraction(activation, x, threshold):
    functions = {
        "sigmoid": sigmoid,
        "tanh": torch.tanh,
        "relu": F.relu,
        "leaky_relu": leaky_relu,
        "softplus": softplus,
    }
    if activation not in functions:
        raise ValueError(f"choose one of {sorted(functions)}")
    leaf = x.detach().clone().requires_grad_()
    with torch.enable_grad():
        functions[activation](leaf).sum().backward()
    return torch.count_nonzero(leaf.grad.abs() < threshold).item() / leaf.numel()


def dead_units(z):
    return F.relu(z).sum(dim=0) == 0


def softmax(x, dim):
    rows = x.movedim(dim, -1)
    e = torch.exp(rows - rows.max(-1).values.unsqueeze(-1))
    return (e / e.sum(-1).unsqueeze(-1)).movedim(-1, dim)


def log_softmax(x, dim):
    # The largest score is a constant: nothing of it remains in the result, nor in the gradient.
    top = x.detach().amax(dim, keepdim=True)
    return (x - top) - torch.exp(x - top).sum(dim, keepdim=True).log()


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError("integers, please")
    if scores.dim() != 2 or labels.dim() != 1 or scores.size(0) != labels.size(0):
        raise ValueError(f"{tuple(scores.shape)} and {tuple(labels.shape)} do not go together")
    losses = []
    for row, label in zip(scores, labels.tolist()):
        top = row.max()
        losses.append(top + torch.log(torch.exp(row - top).sum()) - row[label])
    return sum(losses) / len(losses)
