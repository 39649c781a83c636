"""Your model has no Dropout."""

from torch import nn

HINT = (
    "In evaluation mode Dropout does nothing, so its absence shows in training only: there every hidden activation "
    "has to be set to zero with the given probability."
)


def build_regularized_mlp(sizes, dropout):
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(i, o), nn.ReLU(), nn.BatchNorm1d(o)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are due; Dropout is missing."
