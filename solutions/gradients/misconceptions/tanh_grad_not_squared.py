"""You compute 1 − tanh(x), without the square."""

import torch

HINT = "A slope of tanh is the same at x and at −x. 1 − tanh(x) is not: something has to take the sign away."


def tanh_grad(x):
    return 1 - torch.tanh(x)


def evidence(exercise, yours, expected):
    """Look at minus two, where the slope would be above one."""
    return f"In the example your slope at −2 is {float(yours[2]):.4g}; tanh is never steeper than 1, there it is {float(expected[2]):.4g}."
