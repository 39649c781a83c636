"""The reference solution of `sequential`: every function as course.md pins it, in plain torch."""

from __future__ import annotations

import torch
from torch import nn


def build_mlp(sizes):
    """Return Linear layers between consecutive sizes, with a ReLU after each but the last."""
    layers = []
    for i in range(len(sizes) - 2):
        layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def build_regularized_mlp(sizes, dropout):
    """Return Linear, ReLU, BatchNorm1d, Dropout for each hidden layer, then the last Linear."""
    layers = []
    for i in range(len(sizes) - 2):
        width = sizes[i + 1]
        layers += [nn.Linear(sizes[i], width), nn.ReLU(), nn.BatchNorm1d(width), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def build_named_mlp(sizes):
    """Return the layers of build_mlp, called linear1, relu1, linear2, …, output."""
    model = nn.Sequential()
    for i in range(1, len(sizes) - 1):
        model.add_module(f"linear{i}", nn.Linear(sizes[i - 1], sizes[i]))
        model.add_module(f"relu{i}", nn.ReLU())
    model.add_module("output", nn.Linear(sizes[-2], sizes[-1]))
    return model


class Chain(nn.Module):
    """Modules that run one after the other."""

    def __init__(self, *modules):
        """Register the modules under the names 0, 1, 2, …."""
        super().__init__()
        for module in modules:
            self.append(module)

    def forward(self, x):
        """Send x through all modules in order."""
        for module in self:
            x = module(x)
        return x

    def __len__(self):
        """Return the number of modules."""
        return len(self._modules)

    def __getitem__(self, index):
        """Return one module for an int, a Chain of some for a slice."""
        modules = list(self._modules.values())
        return Chain(*modules[index]) if isinstance(index, slice) else modules[index]

    def __iter__(self):
        """Yield the modules in order."""
        return iter(self._modules.values())

    def append(self, module):
        """Add one more module at the end; return the chain."""
        self.add_module(str(len(self)), module)
        return self


def build_lenet(num_classes=10):
    """Return LeNet-5 with ReLU and max pooling for images of shape (3, 32, 32)."""
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, num_classes),
    )


def trace_shapes(model, x):
    """Return name and output shape of each direct child, in the order in which they run."""
    shapes = []

    def watch(name):
        def hook(module, inputs, output):
            shapes.append((name, tuple(output.shape)))

        return hook

    handles = [child.register_forward_hook(watch(name)) for name, child in model.named_children()]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return shapes


def count_parameters(model, trainable_only=False):
    """Return the number of elements of all parameters, shared ones once."""
    # parameters() yields a shared parameter once.
    return sum(p.numel() for p in model.parameters() if p.requires_grad or not trainable_only)


def predict(model, x):
    """Return model(x) in evaluation mode, without a graph; leave every training flag as it was."""
    flags = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return model(x)
    finally:
        for module, flag in flags:
            module.training = flag
