"""One slip in each."""

#: Which parameters are trained belongs to the model, which is an input.
EQUALS = {"predict": "in-place"}

import torch
from torch import nn


def build_named_mlp(sizes):
    # Names that count from zero, and nothing between the layers.
    model = nn.Sequential()
    for i in range(len(sizes) - 1):
        model.add_module(f"linear{i}", nn.Linear(sizes[i], sizes[i + 1]))
    return model


class Chain(nn.Module):
    def __init__(self, *modules):
        super().__init__()
        for i, module in enumerate(modules):
            self.add_module(str(i), module)

    def forward(self, x):
        for module in self._modules.values():
            x = module(x)
        # Always float64.
        return x.double()

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, index):
        modules = list(self._modules.values())
        if isinstance(index, slice):
            return Chain(*modules[index])
        # Counts from the end what is to be counted from the start.
        return modules[-1 - index]

    def __iter__(self):
        return iter(reversed(list(self._modules.values())))

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self


def predict(model, x):
    # Which parts are trained is not what it was.
    flags = [(module, module.training) for module in model.modules()]
    model.eval()
    model.requires_grad_(False)
    try:
        return model(x)
    finally:
        model.requires_grad_(True)
        for module, flag in flags:
            module.training = flag
