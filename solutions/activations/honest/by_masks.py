"""Boolean masks and index assignments, on tensors of its own."""

import torch
import torch.nn as nn


def sigmoid(x):
    # The exponential of −|x| never overflows.
    e = torch.exp(-torch.abs(x))
    positive = 1 / (1 + e)
    negative = e / (1 + e)
    return torch.where(x >= 0, positive, negative)


def softplus(x):
    # One number of the two is 0, the other is −|x|.
    top = torch.maximum(x, torch.zeros_like(x))
    return top + torch.log1p(torch.exp(-torch.abs(x)))


def leaky_relu(x, slope=0.01):
    factor = torch.ones_like(x)
    factor[x <= 0] = slope
    return x * factor


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.alpha = alpha
        self.scale = scale

    def forward(self, x):
        result = x.clone()
        mask = x <= 0
        result[mask] = self.alpha * torch.expm1(x[mask])
        return result * self.scale


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.num_channels = num_channels
        self.weight = nn.Parameter(init * torch.ones(num_channels))

    def forward(self, x):
        if self.num_channels == 1:
            slopes = self.weight.expand_as(x)
        else:
            shape = [1] * x.dim()
            shape[1] = self.num_channels
            slopes = self.weight.view(*shape).expand_as(x)
        result = x.clone()
        mask = x < 0
        result[mask] = slopes[mask] * x[mask]
        return result


def maxout(x, weight, bias):
    best = x @ weight[0].T + bias[0]
    for w, b in zip(weight[1:], bias[1:]):
        other = x @ w.T + b
        best = torch.where(other > best, other, best)
    return best


def collapse(weights, biases):
    W = torch.eye(weights[0].shape[1], dtype=weights[0].dtype, device=weights[0].device)
    b = torch.zeros(weights[0].shape[1], dtype=weights[0].dtype, device=weights[0].device)
    for layer in range(len(weights)):
        W = torch.mm(weights[layer], W)
        b = torch.mv(weights[layer], b) + biases[layer]
    return W, b


def saturated_fraction(activation, x, threshold):
    if activation not in ("sigmoid", "tanh", "relu", "leaky_relu", "softplus"):
        raise ValueError("unknown activation: " + activation)
    slope = torch.ones_like(x)
    if activation == "sigmoid":
        slope = sigmoid(x) * (1 - sigmoid(x))
    if activation == "tanh":
        slope = 1 - torch.tanh(x).pow(2)
    if activation == "relu":
        slope[x <= 0] = 0
    if activation == "leaky_relu":
        slope[x <= 0] = 0.01
    if activation == "softplus":
        slope = sigmoid(x)
    return len(slope[slope.abs() < threshold].flatten()) / x.numel()


def dead_units(z):
    alive = torch.zeros(z.shape[1], dtype=torch.bool, device=z.device)
    for row in z:
        alive[row > 0] = True
    return ~alive


def softmax(x, dim):
    largest, _ = torch.max(x, dim=dim, keepdim=True)
    numerator = torch.exp(x - largest)
    return numerator / numerator.sum(dim=dim, keepdim=True)


def log_softmax(x, dim):
    largest, _ = x.max(dim, keepdim=True)
    return x - largest - (x - largest).exp().sum(dim, keepdim=True).log()


def cross_entropy(scores, labels):
    if labels.dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        raise TypeError("the labels have to be integers")
    if scores.ndim != 2:
        raise ValueError("the scores have to be a matrix")
    if labels.ndim != 1 or labels.shape[0] != scores.shape[0]:
        raise ValueError("one label for each row of scores")
    logs = log_softmax(scores, dim=1)
    chosen = logs[torch.arange(scores.shape[0]), labels]
    return -chosen.sum() / scores.shape[0]
