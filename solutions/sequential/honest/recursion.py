"""Recursion instead of loops."""

import copy
from functools import reduce

import torch
from torch import nn


def build_mlp(sizes):
    first = nn.Linear(sizes[0], sizes[1])
    if len(sizes) == 2:
        return nn.Sequential(first)
    return nn.Sequential(first, nn.ReLU(), *build_mlp(sizes[1:]))


def build_regularized_mlp(sizes, dropout):
    def layers(sizes):
        first = [nn.Linear(sizes[0], sizes[1])]
        if len(sizes) == 2:
            return first
        return first + [nn.ReLU(), nn.BatchNorm1d(sizes[1]), nn.Dropout(dropout)] + layers(sizes[1:])

    return nn.Sequential(*layers(list(sizes)))


def build_named_mlp(sizes):
    def layers(sizes, number):
        if len(sizes) == 2:
            return {"output": nn.Linear(*sizes)}
        here = {f"linear{number}": nn.Linear(sizes[0], sizes[1]), f"relu{number}": nn.ReLU()}
        return here | layers(sizes[1:], number + 1)

    model = nn.Sequential()
    for name, layer in layers(list(sizes), 1).items():
        model.register_module(name, layer)
    return model


class Chain(nn.Module):
    """The forward pass is a fold."""

    def __init__(self, *modules):
        super().__init__()
        for number, module in enumerate(modules):
            self.register_module(str(number), module)

    def forward(self, x):
        return reduce(lambda value, module: module(value), self.children_in_order(), x)

    def children_in_order(self):
        return tuple(self._modules.values())

    def __len__(self):
        return len(self.children_in_order())

    def __getitem__(self, index):
        found = self.children_in_order()[index]
        return self.__class__(*found) if isinstance(found, tuple) else found

    def __iter__(self):
        yield from self.children_in_order()

    def append(self, module):
        self.register_module(str(len(self)), module)
        return self


def count_parameters(model, trainable_only=False):
    seen = set()

    def count(module):
        own = 0
        for p in module.parameters(recurse=False):
            if p not in seen and (p.requires_grad or not trainable_only):
                own += p.numel()
            seen.add(p)
        return own + sum(count(child) for child in module.children())

    return count(model)


def predict(model, x):
    """The model itself is never touched: a copy is."""
    twin = copy.deepcopy(model)
    twin.eval()
    with torch.no_grad():
        return twin(x)
