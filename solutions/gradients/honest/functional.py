"""Functions of functions: reduce, accumulate, functional_call, autograd.grad."""

from functools import reduce
from itertools import accumulate
from math import cosh, exp, prod, tanh

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.func import functional_call


def sigmoid_grad(x):
    return torch.sigmoid(x) * torch.sigmoid(-x)


def tanh_grad(x):
    return (1 - x.tanh()).mul(1 + x.tanh())


def relu_grad(x):
    return torch.where(x > 0, torch.ones_like(x), torch.zeros_like(x))


_PAIRS = {
    "sigmoid": (lambda z: 1 / (1 + exp(-z)), lambda z: exp(-z) / (1 + exp(-z)) ** 2),
    "tanh": (tanh, lambda z: cosh(z) ** -2),
    "relu": (lambda z: max(0.0, z), lambda z: float(z > 0)),
}


def chain_gradient(x, weights, activation, upstream=1.0):
    f, slope = _PAIRS[activation]
    hidden = list(accumulate(weights[:-1], lambda h, w: f(w * h), initial=x))
    factors = [w_above * slope(w * h) for w, h, w_above in zip(weights, hidden, weights[1:])]
    above = list(accumulate(reversed(factors), lambda a, b: a * b, initial=upstream))[::-1]
    return [a * h for a, h in zip(above, hidden)]


def vanishing_bound(x, weights, upstream=1.0):
    return abs(upstream) * abs(x) * prod(abs(w) / 4 for w in weights[1:])


def _linears(model):
    return {name: m for name, m in model.named_modules() if isinstance(m, nn.Linear)}


def linear_gradients(model):
    layers = _linears(model)
    missing = [name for name, m in layers.items() if m.weight.grad is None]
    if missing:
        raise RuntimeError(f"no gradient in: {', '.join(missing)}")
    return {name: m.weight.grad + 0 for name, m in layers.items()}


def gradient_profile(model, x, y, loss_fn):
    weights = [m.weight for m in _linears(model).values()]
    with torch.enable_grad():
        gradients = torch.autograd.grad(loss_fn(model(x), y), weights)
    return torch.stack(list(map(torch.mean, map(torch.abs, gradients))))


def vanishing_ratio(profile):
    first, *_, last = [*profile.tolist(), *profile.tolist()]
    return first / last


def diagnose(profile, low=1e-2, high=1e2):
    if not bool(profile.isfinite().all()):
        return "exploding"
    ratio = vanishing_ratio(profile)
    return next(word for word, holds in (("vanishing", ratio < low), ("exploding", ratio > high), ("stable", True)) if holds)


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(att)
    layers = list(_linears(model).values())
    axes = plt.figure().gca()
    for i, layer in enumerate(layers, start=1):
        values = layer.weight.grad if att == "grad" else layer.weight
        axes.violinplot(values.detach().reshape(-1).cpu(), [i], points=300, bw_method=0.3)
    axes.set_xticks(list(range(1, len(layers) + 1)), labels=[str(i + 1) for i in range(len(layers))])
    axes.set_xlabel("num_hidden", fontsize=14, color="navy")
    axes.set_title(att, fontsize=16)
    return axes


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    kind = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    pairs = [nn.Linear(i, o) for i, o in zip(sizes[:-1], sizes[1:])]
    model = nn.Sequential(*reduce(lambda done, layer: [*done, kind(), layer], pairs[1:], pairs[:1])).to(x.device)
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(params):
        return (functional_call(model, params, (x,)) - y).square().mean(0).mean()

    def epoch(params, _):
        grads = torch.func.grad(loss)(params)
        rows.append(torch.stack([g.abs().mean() for name, g in grads.items() if name.endswith("weight")]))
        return {name: p - lr * grads[name] for name, p in params.items()}

    rows = []
    reduce(epoch, range(epochs), params)
    return torch.stack(rows)
