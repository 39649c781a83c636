"""Your BatchNorm1d stands before the ReLU."""

from torch import nn

HINT = (
    "Both orders are in use. In this course the activation comes first: Linear, ReLU, BatchNorm1d, Dropout, so that "
    "the next layer gets inputs of mean zero."
)
CONVENTION = True
USUAL_IN = "the paper of Ioffe and Szegedy (2015) and in most networks for images"


def build_regularized_mlp(sizes, dropout):
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU(), nn.Dropout(dropout)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def evidence(exercise, yours, expected):
    """Name the layer that follows the first Linear in the public example."""
    _, (mine, _), (after, _), *_ = yours
    return f"In the example layer 1 of your model is {mine}, and layer 2 {after}; here layer 1 is {expected[1][0]}."
