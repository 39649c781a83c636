"""Functions of autograd with a backward pass of their own; numpy or math inside, where no graph is needed."""

import math

import numpy as np
import torch
from torch import nn


def _as(x, array):
    return torch.as_tensor(np.asarray(array)).to(x)


class _Sigmoid(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        a = x.detach().cpu().numpy().astype(np.float64)
        e = np.exp(-np.abs(a))
        y = _as(x, np.where(a >= 0, 1.0, e) / (1 + e))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        (y,) = ctx.saved_tensors
        return upstream * y * (1 - y)


def sigmoid(x):
    return _Sigmoid.apply(x)


class _Softplus(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        a = x.detach().cpu().numpy().astype(np.float64)
        return _as(x, np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a))))

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        return upstream * sigmoid(x)


def softplus(x):
    return _Softplus.apply(x)


class _Leaky(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, slope):
        ctx.factor = torch.where(x > 0, torch.ones_like(x), slope * torch.ones_like(x))
        return x * ctx.factor

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.factor, None


def leaky_relu(x, slope=0.01):
    return _Leaky.apply(x, slope)


class _Elu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, alpha, scale):
        below = torch.expm1(torch.minimum(x, torch.zeros_like(x)))
        ctx.slope = torch.where(x > 0, scale * torch.ones_like(x), scale * alpha * (below + 1))
        return torch.where(x > 0, scale * x, scale * alpha * below)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.slope, None, None


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        self.constants = alpha, scale

    def forward(self, x):
        return _Elu.apply(x, *self.constants)


class PReLU(nn.Module):
    def __init__(self, num_channels=1, init=0.25):
        super().__init__()
        self.register_parameter(
            "weight", nn.Parameter(torch.tensor([init] * num_channels, dtype=torch.get_default_dtype()))
        )

    def forward(self, x):
        positive = torch.relu(x)
        negative = x - positive
        # With the channels last the slopes fit by themselves.
        if x.dim() < 2:
            return positive + self.weight * negative
        return positive + (negative.movedim(1, -1) * self.weight).movedim(-1, 1)


def maxout(x, weight, bias):
    k, out, n_in = weight.shape
    every = x @ weight.reshape(k * out, n_in).T + bias.reshape(-1)
    return every.reshape(-1, k, out).max(dim=1)[0]


def collapse(weights, biases):
    w = [t.detach().cpu().numpy() for t in weights]
    b = [t.detach().cpu().numpy() for t in biases]
    weight = w[0] if len(w) == 1 else np.linalg.multi_dot(w[::-1])
    bias = np.zeros(len(b[-1]), dtype=b[-1].dtype)
    for i, own in enumerate(b):
        for above in w[i + 1 :]:
            own = above @ own
        bias = bias + own
    return torch.from_numpy(weight.copy()).to(weights[0]), torch.from_numpy(bias).to(biases[0])


def saturated_fraction(activation, x, threshold):
    slopes = {
        "sigmoid": lambda v: 0.25 / math.cosh(min(abs(v), 600.0) / 2) ** 2,
        "tanh": lambda v: 1 / math.cosh(min(abs(v), 300.0)) ** 2,
        "relu": lambda v: float(v > 0),
        "leaky_relu": lambda v: 1.0 if v > 0 else 0.01,
        "softplus": lambda v: 1 / (1 + math.exp(min(-v, 700.0))),
    }
    try:
        slope = slopes[activation]
    except KeyError:
        raise ValueError(f"no such activation: {activation}") from None
    numbers = x.flatten().tolist()
    return sum(slope(v) < threshold for v in numbers) / len(numbers)


def dead_units(z):
    return torch.from_numpy((z.detach().cpu().numpy() <= 0).all(axis=0)).to(z.device)


class _Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        e = torch.exp(x - x.amax(dim, keepdim=True))
        ctx.p, ctx.dim = e / e.sum(dim, keepdim=True), dim
        return ctx.p.clone()

    @staticmethod
    def backward(ctx, upstream):
        return ctx.p * (upstream - (ctx.p * upstream).sum(ctx.dim, keepdim=True)), None


def softmax(x, dim):
    return _Softmax.apply(x, dim)


class _LogSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        shifted = x - x.amax(dim, keepdim=True)
        total = torch.exp(shifted).sum(dim, keepdim=True)
        ctx.p, ctx.dim = torch.exp(shifted) / total, dim
        return shifted - torch.log(total)

    @staticmethod
    def backward(ctx, upstream):
        return upstream - ctx.p * upstream.sum(ctx.dim, keepdim=True), None


def log_softmax(x, dim):
    return _LogSoftmax.apply(x, dim)


class _CrossEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx, scores, labels):
        one_hot = torch.zeros_like(scores)
        one_hot[range(len(labels)), labels] = 1.0
        ctx.delta = (softmax(scores, 1) - one_hot) / len(labels)
        return -(one_hot * log_softmax(scores, 1)).sum() / len(labels)

    @staticmethod
    def backward(ctx, upstream):
        return upstream * ctx.delta, None


def cross_entropy(scores, labels):
    if torch.is_floating_point(labels):
        raise TypeError
    if len(scores.shape) != 2 or tuple(labels.shape) != (len(scores),):
        raise ValueError
    return _CrossEntropy.apply(scores, labels)
