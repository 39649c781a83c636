"""Your activations are Tanh where ReLU is asked for."""

from torch import nn

HINT = "LeCun's network of 1998 had Tanh; this exercise builds its shape with ReLU."


def build_lenet(num_classes=10):
    return nn.Sequential(
        nn.Conv2d(3, 6, 5),
        nn.Tanh(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5),
        nn.Tanh(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.Tanh(),
        nn.Linear(120, 84),
        nn.Tanh(),
        nn.Linear(84, num_classes),
    )
