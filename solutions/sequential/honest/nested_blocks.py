"""Blocks inside of blocks: what is computed is the same."""

import torch
from torch import nn


def build_mlp(sizes):
    *hidden, last = list(zip(sizes[:-1], sizes[1:]))
    blocks = [nn.Sequential(nn.Linear(i, o), nn.ReLU()) for i, o in hidden]
    return nn.Sequential(*blocks, nn.Linear(*last))


def build_regularized_mlp(sizes, dropout):
    def block(i, o):
        return nn.Sequential(nn.Linear(i, o), nn.ReLU(), nn.BatchNorm1d(o), nn.Dropout(dropout))

    body = nn.Sequential(*[block(i, o) for i, o in zip(sizes[:-2], sizes[1:-1])])
    return nn.Sequential(body, nn.Linear(sizes[-2], sizes[-1]))


def build_lenet(num_classes=10):
    features = nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)
    )
    classifier = nn.Sequential(
        nn.Linear(16 * 5**2, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, num_classes)
    )
    return nn.Sequential(features, nn.Flatten(start_dim=1), classifier)


def trace_shapes(model, x):
    class Recorder:
        def __init__(self):
            self.shapes = []
            self.handles = []

        def __enter__(self):
            for name, child in model.named_children():
                self.handles.append(child.register_forward_hook(self.hook_for(name)))
            return self

        def hook_for(self, name):
            def hook(module, args, output):
                self.shapes.append((name, output.shape))

            return hook

        def __exit__(self, *error):
            for handle in self.handles:
                handle.remove()

    with Recorder() as recorder:
        model(x)
    return recorder.shapes


class Chain(nn.ModuleList):
    """nn.ModuleList has everything but the forward pass."""

    def __init__(self, *modules):
        super().__init__(modules)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(*list(self)[index])
        return super().__getitem__(index)


def predict(model, x):
    def switch(module, flags):
        flags.append((module, module.training))
        module.training = False
        for child in module.children():
            switch(child, flags)

    flags = []
    switch(model, flags)
    try:
        return model(x).detach()
    finally:
        while flags:
            module, flag = flags.pop()
            module.training = flag
