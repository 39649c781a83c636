"""Classes, hooks and dataclasses for what a function would do."""

import math
from abc import ABC, abstractmethod

import matplotlib.pyplot as plt
import torch
from torch import nn


class _Activation(ABC):
    @abstractmethod
    def value(self, z): ...

    @abstractmethod
    def slope(self, z): ...


class _Sigmoid(_Activation):
    def value(self, z):
        return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))

    def slope(self, z):
        return self.value(z) * self.value(-z)


class _Tanh(_Activation):
    def value(self, z):
        return math.tanh(z)

    def slope(self, z):
        return 1 - self.value(z) ** 2


class _Relu(_Activation):
    def value(self, z):
        return max(z, 0)

    def slope(self, z):
        return int(z > 0)


ACTIVATIONS = {"sigmoid": _Sigmoid(), "tanh": _Tanh(), "relu": _Relu()}


class _ScalarNetwork:
    def __init__(self, weights, activation):
        self.weights, self.activation = weights, activation

    def forward(self, x):
        self.inputs, self.sums = [x], []
        for w in self.weights[:-1]:
            self.sums.append(w * self.inputs[-1])
            self.inputs.append(self.activation.value(self.sums[-1]))
        return self.weights[-1] * self.inputs[-1]

    def backward(self, upstream):
        grads = []
        for w, h, z in zip(reversed(self.weights), reversed(self.inputs), [*reversed(self.sums), None]):
            grads.append(float(upstream * h))
            if z is not None:
                upstream = upstream * w * self.activation.slope(z)
        return grads[::-1]


def chain_gradient(x, weights, activation, upstream=1.0):
    network = _ScalarNetwork(weights, ACTIVATIONS[activation])
    network.forward(x)
    return network.backward(upstream)


def vanishing_bound(x, weights, upstream=1.0):
    first, *others = weights
    # In logarithms, as one does for long products; zero has none.
    if 0 in (x, upstream, *others):
        return 0.0
    logs = [math.log(abs(v)) for v in (upstream, x, *others)]
    return math.exp(math.fsum(logs) - len(others) * math.log(4))


class _GradientBook(dict):
    def visit(self, name, module):
        if isinstance(module, nn.Linear):
            try:
                self[name] = module.weight.grad.detach().clone()
            except AttributeError:
                raise RuntimeError(f"{name or 'the model'}: no gradient, call backward() first") from None


def linear_gradients(model):
    book = _GradientBook()
    for name, module in model.named_modules():
        book.visit(name, module)
    return dict(book)


def gradient_profile(model, x, y, loss_fn):
    layers = [m for m in model.modules() if isinstance(m, nn.Linear)]
    seen = {}
    handles = [
        m.weight.register_post_accumulate_grad_hook(lambda p, i=i: seen.__setitem__(i, p.grad.abs().mean()))
        for i, m in enumerate(layers)
    ]
    kept = [p.grad for p in model.parameters()]
    try:
        for p in model.parameters():
            p.grad = None
        loss_fn(model(x), y).backward()
    finally:
        for handle in handles:
            handle.remove()
        for p, g in zip(model.parameters(), kept):
            p.grad = g
    return torch.stack([seen[i] for i in range(len(layers))])


def vanishing_ratio(profile):
    return torch.div(profile[0], profile[-1]).item()


class _Doctor:
    def __init__(self, low, high):
        self.low, self.high = low, high

    def __call__(self, profile):
        if any(not math.isfinite(v) for v in profile):
            return "exploding"
        ratio = vanishing_ratio(profile)
        match (ratio < self.low, ratio > self.high):
            case (True, _):
                return "vanishing"
            case (_, True):
                return "exploding"
        return "stable"


def diagnose(profile, low=1e-2, high=1e2):
    return _Doctor(low, high)(profile)


def weights_vp(model, att="grad"):
    if att not in {"grad", "weight"}:
        raise ValueError(f"unknown attribute {att!r}")
    values = [
        getattr(m.weight, "grad" if att == "grad" else "data").flatten().cpu().numpy()
        for m in model.modules()
        if isinstance(m, nn.Linear)
    ]
    figure, (top, ax) = plt.subplots(2, 1, height_ratios=[1, 3])
    top.bar(range(len(values)), [v.size for v in values])
    parts = ax.violinplot(values, showextrema=False, widths=0.9)
    for body, color in zip(parts["bodies"], plt.cm.plasma(torch.linspace(0, 1, len(values)))):
        body.set(facecolor=color, edgecolor="black", alpha=0.7)
    ax.boxplot(values, widths=0.1, positions=range(1, len(values) + 1), patch_artist=True)
    ax.axhline(0, color="gray")
    ax.axhspan(-0.001, 0.001, color="yellow")
    ax.scatter(range(1, len(values) + 1), [v.mean() for v in values], marker="_", color="red")
    ax.set_xticks([i for i, _ in enumerate(values, 1)])
    ax.set_xlabel("num_hidden")
    ax.set_title(att, loc="center", pad=12)
    return ax


class _MLP(nn.Module):
    def __init__(self, sizes, activation):
        super().__init__()
        self.layers = nn.ModuleList()
        for i, o in zip(sizes, sizes[1:]):
            self.layers.append(nn.Linear(i, o))
        self.activation = getattr(torch, activation)

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = self.activation(layer(x))
        return last(x)


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    model = _MLP(sizes, activation).to(x.device)
    rows = [[] for _ in range(epochs)]
    current = []

    for layer in model.layers:
        layer.weight.register_hook(lambda g: current.append(g.abs().mean()))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0)
    loss_fn = nn.MSELoss()
    for row in rows:
        current.clear()

        def closure():
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)
        # Hooks run from the last layer to the first.
        row.extend(reversed(current))
    return torch.stack([torch.stack(row) for row in rows])
