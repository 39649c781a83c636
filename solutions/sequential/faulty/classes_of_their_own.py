"""The right layers in a class that is no Sequential; and a Chain that is one."""

EQUALS = {"count_parameters": "count-tensors"}

from torch import nn


class _Run(nn.Module):
    def __init__(self, layers, names=None):
        super().__init__()
        for i, layer in enumerate(layers):
            self.add_module(names[i] if names else str(i), layer)

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x


def build_mlp(sizes):
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return _Run(layers[:-1])


def build_regularized_mlp(sizes, dropout):
    layers = []
    for a, b in zip(sizes[:-1], sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.ReLU(), nn.BatchNorm1d(b), nn.Dropout(dropout)]
    return _Run([*layers, nn.Linear(sizes[-2], sizes[-1])])


def build_named_mlp(sizes):
    layers, names = [], []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:]), 1):
        layers += [nn.Linear(a, b), nn.ReLU()]
        names += [f"linear{i}", f"relu{i}"]
    return _Run(layers[:-1], [*names[:-2], "output"])


class Chain(nn.Sequential):
    pass


def build_lenet(num_classes=10):
    return _Run(
        [
            nn.Conv2d(3, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(400, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        ]
    )


def trace_shapes(model, x):
    # The shapes that go in.
    shapes, handles = [], []
    for name, child in model.named_children():
        handles.append(
            child.register_forward_hook(lambda m, i, o, name=name: shapes.append((name, tuple(i[0].shape))))
        )
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return shapes


def count_parameters(model, trainable_only=False):
    # How many tensors, not how many numbers.
    return sum(1 for p in model.parameters() if p.requires_grad or not trainable_only)
