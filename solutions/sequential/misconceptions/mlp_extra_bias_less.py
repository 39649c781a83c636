"""You leave the bias out of your Linear layers."""

from torch import nn

HINT = (
    "A layer without a bias maps zero to zero whatever it learns. nn.Linear has a bias unless one switches it off, "
    "and this exercise asks for it."
)


def build_mlp(sizes):
    layers = []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Linear(i, o, bias=False), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def evidence(exercise, yours, expected):
    """Compare the parameters of the first layer of the public example."""
    mine, due = len(yours[0][1]), len(expected[0][1])
    return f"In the example your first Linear has {mine} parameter tensor where {due} are due."
