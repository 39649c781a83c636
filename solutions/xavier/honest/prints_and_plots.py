"""Prints, warnings, plots and a failed attempt that stays in the notebook."""

import math
import warnings

import torch

EXTRA_CELLS = [
    """%matplotlib inline
import matplotlib.pyplot as plt
plt.hist(torch.rand(100).numpy())
plt.title('Gewichte, Größe')
plt.show()
""",
    "torch.manual_seed(1234)\nnp.random.seed(5)",
    "1 / 0  # I wanted to see what happens",
    "def fans(weight):\n    return weight.shape  # first attempt, see below",
]


def fans(weight):
    if weight.dim() < 2:
        print("no fans:", weight.shape)
        raise ValueError("no fans")
    print("shape", tuple(weight.shape))
    flat = weight.flatten(2) if weight.dim() > 2 else weight[..., None]
    return flat.shape[1] * flat.shape[2], flat.shape[0] * flat.shape[2]


def zero_init(model):
    warnings.warn("setting everything to zero")
    with torch.no_grad():
        for p in model.parameters():
            p -= p
    return model


def glorot_ratio(variances):
    ratio = math.exp(math.log(max(variances)) - math.log(min(variances)))
    print(f"{ratio=}")
    return ratio
