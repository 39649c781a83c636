"""You ignore the gain."""

from __future__ import annotations

HINT = "The gain is a factor on all weights: it makes up for what the activation after the layer takes away."
EDITS = {
    "xavier_uniform_": [("FIRST", "gain = 1.0")],
    "xavier_normal_": [("FIRST", "gain = 1.0")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
