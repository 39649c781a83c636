"""Everything in one expression where that is possible."""

from collections import OrderedDict
from itertools import chain

import torch
from torch import nn


def build_mlp(sizes):
    pairs = list(zip(sizes, sizes[1:]))
    layers = chain.from_iterable((nn.Linear(a, b), nn.ReLU()) for a, b in pairs)
    return nn.Sequential(*list(layers)[:-1])


def build_regularized_mlp(sizes, dropout):
    *hidden, last = zip(sizes, sizes[1:])
    layers = [m for a, b in hidden for m in (nn.Linear(a, b), nn.ReLU(), nn.BatchNorm1d(b), nn.Dropout(p=dropout))]
    return nn.Sequential(*layers, nn.Linear(*last))


def build_named_mlp(sizes):
    n = len(sizes) - 1
    named = [
        pair
        for i in range(1, n)
        for pair in ((f"linear{i}", nn.Linear(sizes[i - 1], sizes[i])), (f"relu{i}", nn.ReLU()))
    ]
    return nn.Sequential(OrderedDict([*named, ("output", nn.Linear(sizes[-2], sizes[-1]))]))


def trace_shapes(model, x):
    found = []
    hooks = [
        child.register_forward_hook(lambda _m, _i, out, name=name: found.append((name, tuple(out.shape))))
        for name, child in model.named_children()
    ]
    try:
        with torch.no_grad():
            model(x)
    finally:
        [hook.remove() for hook in hooks]
    return found


def count_parameters(model, trainable_only=False):
    return sum(p.numel() * (p.requires_grad or not trainable_only) for p in model.parameters())


def predict(model, x):
    modes = {m: m.training for m in model.modules()}
    try:
        with torch.inference_mode():
            return model.eval()(x)
    finally:
        [setattr(m, "training", mode) for m, mode in modes.items()]
