"""Your model has no batch normalisation."""

from torch import nn

HINT = (
    "A fresh BatchNorm1d in evaluation mode changes next to nothing, so its absence is easy to overlook. It belongs "
    "into every hidden layer, with as many features as that layer has."
)


def build_regularized_mlp(sizes, dropout):
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(i, o), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are due; BatchNorm1d is missing."
