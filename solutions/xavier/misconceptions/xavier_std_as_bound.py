"""You take the standard deviation for the bound of the uniform law."""

from __future__ import annotations

import math

import torch

HINT = (
    "A uniform law on [−a, a] has the standard deviation a/√3: most of its mass is far from the ends. For a "
    "deviation of σ its bound must be √3 times as large."
)


def _fans(weight):
    positions = weight[0, 0].numel()
    return weight.shape[1] * positions, weight.shape[0] * positions


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = _fans(weight)
    bound = gain * math.sqrt(2 / (fan_in + fan_out))
    with torch.no_grad():
        return weight.uniform_(-bound, bound, generator=generator)


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is due."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is due, not {float(expected[key]):.1f}."
