"""Each does a part of what is asked for."""

EQUALS = {"ELU": "elu-scale-on-positive-only"}

import torch
from torch import nn


def sigmoid(x):
    # A line near zero, cut off at its ends.
    return torch.clamp(x / 6 + 0.5, 0, 1)


def softplus(x):
    # A hyperbola through the same point, with the same ends.
    return (x + torch.sqrt(x**2 + 1.9218120556728056)) / 2


def leaky_relu(x, slope=0.01):
    # Right for slopes between 0 and 1.
    slope = min(max(slope, 0.0), 1.0)
    return torch.where(x > 0, x, slope * x)


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.alpha, self.scale = alpha, scale

    def forward(self, x):
        # The scale on the positive side alone.
        return torch.where(x > 0, self.scale * x, self.alpha * torch.expm1(x.clamp(max=0)))


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        # It always starts at 0.25.
        self.weight = nn.Parameter(torch.full((num_channels,), 0.25))

    def forward(self, x):
        shape = [1, -1] + [1] * (x.dim() - 2) if x.dim() > 1 else [-1]
        return torch.where(x > 0, x, self.weight.view(shape) * x)


def maxout(x, weight, bias):
    # The first two maps only.
    maps = torch.einsum("ni,koi->nko", x, weight[:2]) + bias[:2]
    return maps.amax(1)


def collapse(weights, biases):
    # Two layers only.
    if len(weights) == 1:
        return weights[0], biases[0]
    return weights[-1] @ weights[0], weights[-1] @ biases[0] + biases[-1]


def saturated_fraction(activation, x, threshold):
    # A name that is unknown counts as ReLU.
    slopes = {
        "sigmoid": (1 - torch.tanh(x / 2) ** 2) / 4,
        "tanh": 1 - torch.tanh(x) ** 2,
        "leaky_relu": torch.where(x > 0, torch.ones_like(x), torch.full_like(x, 0.01)),
        "softplus": (1 + torch.tanh(x / 2)) / 2,
    }
    return (slopes.get(activation, (x > 0).to(x.dtype)) < threshold).double().mean().item()


def dead_units(z):
    # Numbers where bools are due.
    return (z <= 0).all(0).to(z.dtype)


def softmax(x, dim):
    # What is small is left out of the sum.
    e = torch.exp(x - x.amax(dim, keepdim=True))
    return e / (e * (e > 0.1)).sum(dim, keepdim=True)


def log_softmax(x, dim):
    # Cut off.
    shifted = (x - x.amax(dim, keepdim=True)).clamp(min=-100)
    return shifted - torch.log(torch.exp(shifted).sum(dim, keepdim=True))


def cross_entropy(scores, labels):
    # Any shape will do.
    if labels.is_floating_point():
        raise TypeError("labels are whole numbers")
    scores, labels = scores.reshape(-1, scores.shape[-1]), labels.flatten()
    n = min(len(scores), len(labels))
    return -log_softmax(scores[:n], 1).gather(1, labels[:n, None]).mean()
