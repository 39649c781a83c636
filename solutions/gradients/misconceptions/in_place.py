"""You change an input tensor in place."""

from __future__ import annotations

import torch

HINT = (
    "Operations that end in _ and assignments such as /= or x[…] = … write into the tensor that the caller still "
    "holds. Make a new one, or work on x.clone()."
)
QUESTION = "Which tensors does whoever called your function still hold, and what do they hold after the call?"
WORKED = """
`total += x` and `total = total + x` look alike. With total = [1, 2] and x = [10, 10]:
  total = total + x   makes a new list of numbers [11, 12]; who holds the old one still reads [1, 2].
  total += x          writes into the old one; whoever gave it to you now reads [11, 12].
Methods of torch that end in _ write as += does.
"""


def sigmoid_grad(x):
    s = x.sigmoid_()
    return s * (1 - s)


def tanh_grad(x):
    return 1 - x.tanh_() ** 2


def relu_grad(x):
    x[x > 0] = 1.0
    x[x < 0] = 0.0
    return x


def vanishing_ratio(profile):
    profile /= profile[-1].clone()
    return float(profile[0])


def diagnose(profile, low=1e-2, high=1e2):
    if not torch.isfinite(profile).all():
        return "exploding"
    profile /= profile[-1].clone()
    if profile[0] < low:
        return "vanishing"
    return "exploding" if profile[0] > high else "stable"
