"""You take `dropout` for the share that is kept: your layer drops 1 − dropout."""

from torch import nn

HINT = (
    "The argument of nn.Dropout is the probability that an element is set to zero. Some older texts and TensorFlow 1 "
    "gave the probability that it stays."
)


def build_regularized_mlp(sizes, dropout):
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(i, o), nn.ReLU(), nn.BatchNorm1d(o), nn.Dropout(1 - dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def evidence(exercise, yours, expected):
    """Compare the rates of the public example."""
    mine, due = dict(yours)["Dropout"], dict(expected)["Dropout"]
    return f"In the example your Dropout has p = {mine:g} where {due:g} was asked for."
