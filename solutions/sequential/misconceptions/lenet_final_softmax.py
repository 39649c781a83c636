"""Your model ends in a Softmax."""

from torch import nn

HINT = (
    "The cross-entropy of PyTorch takes scores of any size and applies the (logarithm of the) softmax itself. A second "
    "softmax in the model flattens the gradient. The model ends in its last Linear."
)


def build_lenet(num_classes=10):
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
        nn.Softmax(dim=1),
    )


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are due; the last one is {yours[-1][0]}."
