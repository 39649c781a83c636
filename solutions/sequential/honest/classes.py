"""Classes of one's own below nn.Sequential, and context managers."""

import contextlib
import copy

import torch
from torch import nn


class _MLP(nn.Sequential):
    def __init__(self, sizes, after=lambda width: []):
        layers = []
        for i, o in zip(sizes[:-2], sizes[1:-1]):
            layers.append(nn.Linear(i, o))
            layers.append(nn.ReLU())
            layers.extend(after(o))
        layers.append(nn.Linear(*sizes[-2:]))
        super().__init__(*layers)


def build_mlp(sizes):
    return _MLP(sizes)


def build_regularized_mlp(sizes, dropout):
    return _MLP(sizes, lambda width: [nn.BatchNorm1d(num_features=width), nn.Dropout(dropout)])


class _Named(nn.Sequential):
    def __init__(self, sizes):
        super().__init__()
        widths = list(sizes)
        for number, (i, o) in enumerate(zip(widths[:-2], widths[1:-1])):
            setattr(self, f"linear{number + 1}", nn.Linear(i, o))
            setattr(self, f"relu{number + 1}", nn.ReLU())
        self.output = nn.Linear(widths[-2], widths[-1])


def build_named_mlp(sizes):
    return _Named(sizes)


class _LeNet(nn.Sequential):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1, self.act1, self.pool1 = nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d((2, 2))
        self.conv2, self.act2, self.pool2 = nn.Conv2d(6, 16, (5, 5)), nn.ReLU(), nn.MaxPool2d((2, 2))
        self.flat = nn.Flatten()
        self.fc1, self.act3 = nn.Linear(400, 120), nn.ReLU()
        self.fc2, self.act4 = nn.Linear(120, 84), nn.ReLU()
        self.fc3 = nn.Linear(84, num_classes)


def build_lenet(num_classes=10):
    return _LeNet(num_classes)


class Chain(nn.Module):
    """Modules as attributes called 0, 1, …."""

    def __init__(self, *modules):
        super().__init__()
        self.length = 0
        for module in modules:
            self.append(module)

    def append(self, module):
        setattr(self, f"{self.length}", module)
        self.length += 1

    def forward(self, x):
        for i in range(self.length):
            x = getattr(self, str(i))(x)
        return x

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Chain(*[self[i] for i in range(*index.indices(self.length))])
        if index < 0:
            index += self.length
        if not 0 <= index < self.length:
            raise IndexError(index)
        return getattr(self, str(index))

    def __iter__(self):
        for i in range(self.length):
            yield self[i]


def trace_shapes(model, x):
    shapes = []
    with contextlib.ExitStack() as stack:
        for name, child in model.named_children():

            def hook(module, args, output, name=name):
                shapes.append((name, tuple(output.size())))

            stack.callback(child.register_forward_hook(hook).remove)
        model(x)
    return shapes


def count_parameters(model, trainable_only=False):
    chosen = {id(p): p for p in model.parameters() if not trainable_only or p.requires_grad}
    return sum(p.nelement() for p in chosen.values())


@contextlib.contextmanager
def _evaluating(model):
    flags = {name: module.training for name, module in model.named_modules()}
    model.eval()
    try:
        yield
    finally:
        for name, module in model.named_modules():
            module.training = flags[name]


def predict(model, x):
    with _evaluating(model), torch.no_grad():
        return model(x)
