"""The second convolution of your model has a 6 × 6 kernel."""

from torch import nn

HINT = (
    "6 is the number of channels that come in; the kernel is 5 × 5 in both convolutions. From 14 × 14 a 5 × 5 kernel "
    "leaves 10 × 10 and pooling 5 × 5, so that 16 · 5 · 5 = 400 numbers reach the first Linear."
)


def build_lenet(num_classes=10):
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 6),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 120),
        nn.ReLU(),
        nn.Linear(120, 84),
        nn.ReLU(),
        nn.Linear(84, num_classes),
    )


def evidence(exercise, yours, expected):
    """Compare the second kernel of the public example."""
    mine, due = yours[3][1][0], expected[3][1][0]
    return f"In the example the second kernel of your model has the shape {tuple(mine)}, where {tuple(due)} is due."
