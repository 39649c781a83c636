"""Your formula overflows: far from zero it divides infinity by infinity."""

import torch

HINT = (
    "exp(1000) is inf in floating point, and inf/inf and inf·0 are NaN. Write the derivative with torch.sigmoid or "
    "torch.tanh, which stay finite, or make sure that exp only gets negative arguments."
)


def sigmoid_grad(x):
    e = torch.exp(-x)
    return e / (1 + e) ** 2


def tanh_grad(x):
    up, down = torch.exp(x), torch.exp(-x)
    return 1 - ((up - down) / (up + down)) ** 2


def evidence(exercise, yours, expected):
    """Look at the last value of the example, which lies at ±1000."""
    return f"In the example your value at x = ±1000 is {float(yours[3])}, where {float(expected[3]):g} is expected."
