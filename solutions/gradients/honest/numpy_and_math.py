"""numpy and math where they will do, tensors at the borders."""

import math

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn


def _back(array, x):
    return torch.from_numpy(np.asarray(array)).to(dtype=x.dtype, device=x.device).reshape(x.shape)


def sigmoid_grad(x):
    a = x.detach().cpu().numpy()
    # With a negative argument exp cannot overflow.
    e = np.exp(-np.abs(a))
    return _back(e / (1 + e) ** 2, x)


def tanh_grad(x):
    a = np.tanh(x.detach().cpu().numpy())
    return _back((1 - a) * (1 + a), x)


def relu_grad(x):
    return _back(np.heaviside(x.detach().cpu().numpy(), 0.5), x)


def chain_gradient(x, weights, activation, upstream=1.0):
    f = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.maximum(z, 0),
    }[activation]
    df = {
        "sigmoid": lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2,
        "tanh": lambda z: 1 / np.cosh(z) ** 2,
        "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    }[activation]
    w = np.array(weights, dtype=float)
    n = len(w)
    h, z = np.empty(n), np.empty(n)
    h[0] = x
    for i in range(1, n):
        z[i] = w[i - 1] * h[i - 1]
        h[i] = f(z[i])
    factors = w[1:] * df(z[1:])
    above = np.append(np.cumprod(factors[::-1])[::-1], 1.0)
    return (upstream * above * h).tolist()


def vanishing_bound(x, weights, upstream=1.0):
    w = np.abs(np.asarray(weights[1:], dtype=np.float64))
    return float(abs(upstream * x) * np.prod(w / 4))


def linear_gradients(model):
    result = {}
    for name, layer in model.named_modules():
        if not isinstance(layer, nn.Linear):
            continue
        g = layer.weight.grad
        if g is None:
            raise RuntimeError("no gradient for layer " + repr(name))
        result[name] = torch.tensor(g.cpu().numpy().copy(), device=g.device)
    return result


def gradient_profile(model, x, y, loss_fn):
    for p in model.parameters():
        p.grad = None
    loss_fn(model(x), y).backward()
    means = [np.mean(np.abs(m.weight.grad.cpu().numpy())) for m in model.modules() if isinstance(m, nn.Linear)]
    return torch.from_numpy(np.array(means)).to(x.device)


def vanishing_ratio(profile):
    a = profile.cpu().numpy()
    return (a[0] / a[-1]).item()


def diagnose(profile, low=1e-2, high=1e2):
    a = profile.detach().cpu().numpy()
    if np.any(np.isnan(a)) or np.any(np.isinf(a)):
        return "exploding"
    r = a[0] / a[-1]
    return "vanishing" if r < low else "exploding" if r > high else "stable"


def weights_vp(model, att="grad"):
    pick = {"grad": lambda p: p.grad, "weight": lambda p: p.data}
    if att not in pick:
        raise ValueError("att must be grad or weight")
    arrays = [
        pick[att](m.weight).cpu().numpy().ravel().astype(np.float32) for m in model.modules() if isinstance(m, nn.Linear)
    ]
    fig = plt.figure(figsize=(9, 3))
    ax = fig.add_subplot(1, 1, 1)
    ax.violinplot(arrays, positions=np.arange(1, len(arrays) + 1), widths=0.8, showmeans=True, showmedians=True)
    ax.set(xlabel="num_hidden", title=att, xticks=np.arange(len(arrays)) + 1, ylabel="value")
    ax.grid(True)
    return ax


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    act = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}[activation]
    linears = [nn.Linear(sizes[k], sizes[k + 1]).to(x.device) for k in range(len(sizes) - 1)]
    table = np.zeros((epochs, len(linears)), dtype=np.float32)
    for e in range(epochs):
        h = x
        for layer in linears[:-1]:
            h = act(layer(h))
        loss = ((linears[-1](h) - y) ** 2).mean(dim=1).mean()
        params = [p for layer in linears for p in layer.parameters()]
        grads = torch.autograd.grad(loss, params)
        table[e] = [g.abs().mean().item() for p, g in zip(params, grads) if p.dim() == 2]
        with torch.no_grad():
            for p, g in zip(params, grads):
                p.sub_(lr * g)
    return torch.from_numpy(table).to(x.device)
