"""Your function changes what it was given: a list of sizes, or the model."""

import torch
from torch import nn

HINT = (
    "pop() shortens the list that the caller still holds; requires_grad_() and eval() change the caller's model for "
    "good. Work on a copy, or set everything back before you return."
)
QUESTION = "Which tensors does whoever called your function still hold, and what do they hold after the call?"
WORKED = """
`total += x` and `total = total + x` look alike. With total = [1, 2] and x = [10, 10]:
  total = total + x   makes a new list of numbers [11, 12]; who holds the old one still reads [1, 2].
  total += x          writes into the old one; whoever gave it to you now reads [11, 12].
Methods of torch that end in _ write as += does.
"""


def build_mlp(sizes):
    layers = []
    previous = sizes.pop(0) if isinstance(sizes, list) else sizes[0]
    rest = sizes if isinstance(sizes, list) else sizes[1:]
    for i, size in enumerate(rest):
        layers.append(nn.Linear(previous, size))
        if i < len(rest) - 1:
            layers.append(nn.ReLU())
        previous = size
    return nn.Sequential(*layers)


def build_regularized_mlp(sizes, dropout):
    out = sizes.pop()
    layers = []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Linear(i, o), nn.ReLU(), nn.BatchNorm1d(o), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], out))


def build_named_mlp(sizes):
    out = sizes.pop()
    model = nn.Sequential()
    for n, (i, o) in enumerate(zip(sizes, sizes[1:]), 1):
        model.add_module(f"linear{n}", nn.Linear(i, o))
        model.add_module(f"relu{n}", nn.ReLU())
    model.add_module("output", nn.Linear(sizes[-1], out))
    return model


def trace_shapes(model, x):
    model.eval()
    shapes = []
    handles = [
        child.register_forward_hook(lambda m, i, o, name=name: shapes.append((name, tuple(o.shape))))
        for name, child in model.named_children()
    ]
    try:
        with torch.no_grad():
            model(x)
    finally:
        for handle in handles:
            handle.remove()
    return shapes


def predict(model, x):
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    for p in model.parameters():
        p.requires_grad_(False)
    try:
        return model(x)
    finally:
        for m, flag in flags:
            m.training = flag
