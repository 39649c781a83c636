"""One-hot matrices, einsum, and the sign function; helpers in a cell of their own."""

import torch
from torch import nn

EXTRA_CELLS = [
    "def _stable_exp(x, dim):\n    shifted = x - torch.amax(x, dim=dim, keepdim=True)\n    return shifted, shifted.exp()",
    "print('helpers are there')",
]


def sigmoid(x):
    e = torch.exp(-x.abs())
    return torch.where(x >= 0, torch.ones_like(x), e) / (1 + e)


def softplus(x):
    # −log σ(−x), with the logarithm taken by hand.
    low, high = torch.minimum(x, torch.zeros_like(x)), torch.maximum(x, torch.zeros_like(x))
    return high + torch.log1p((low - high).exp())


def leaky_relu(x, slope=0.01):
    positive = (x > 0).to(x.dtype)
    return positive * x + (1 - positive) * slope * x


class ELU(nn.Module):
    alpha: float
    scale: float

    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.alpha, self.scale = float(alpha), float(scale)

    def extra_repr(self):
        return f"alpha={self.alpha}, scale={self.scale}"

    def forward(self, x):
        inner = torch.where(x > 0, torch.zeros_like(x), x)
        return self.scale * (torch.where(x > 0, x, torch.zeros_like(x)) + self.alpha * inner.expm1())


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.weight = nn.parameter.Parameter(torch.ones(num_channels) * init)

    def forward(self, x):
        slope = self.weight
        while slope.dim() < x.dim() - 1:
            slope = slope.unsqueeze(-1)
        return torch.relu(x) - slope * torch.relu(-x)


def maxout(x, weight, bias):
    k = weight.shape[0]
    maps = torch.baddbmm(bias[:, None, :], x.expand(k, *x.shape), weight.transpose(1, 2))
    return torch.max(maps, dim=0).values


def collapse(weights, biases):
    *rest, weight = weights
    *others, bias = biases
    for w, b in zip(reversed(rest), reversed(others)):
        bias = torch.einsum("oi,i->o", weight, b) + bias
        weight = torch.einsum("oi,ij->oj", weight, w)
    return [weight, bias]


def saturated_fraction(activation, x, threshold):
    y = x.double()
    s = sigmoid(y)
    slopes = dict(
        sigmoid=s - s * s,
        tanh=(1 - y.tanh()) * (1 + y.tanh()),
        relu=y.sign().clamp(min=0),
        leaky_relu=leaky_relu(y.sign()),
        softplus=s,
    )
    if activation not in slopes:
        raise ValueError(activation)
    return float(slopes[activation].abs().lt(threshold).sum()) / x.numel()


def dead_units(z):
    return torch.logical_not(torch.any(torch.gt(z, 0), dim=0))


def softmax(x, dim):
    _, e = _stable_exp(x, dim)
    return torch.div(e, torch.sum(e, dim=dim, keepdim=True))


def log_softmax(x, dim):
    shifted, e = _stable_exp(x, dim)
    return torch.sub(shifted, torch.log(torch.sum(e, dim=dim, keepdim=True)))


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError("labels have to be integers")
    try:
        n, classes = scores.shape
        (m,) = labels.shape
    except ValueError:
        raise ValueError("scores (N, C) and labels (N,), please") from None
    if n != m:
        raise ValueError("one label for each sample")
    one_hot = (labels[:, None] == torch.arange(classes, device=labels.device)).to(scores.dtype)
    return -torch.einsum("nc,nc->", one_hot, log_softmax(scores, -1)) / n
