"""You use He's variance, 2/fan_in."""

from __future__ import annotations

HINT = (
    "He et al. made 2/fan_in for ReLU, which halves what goes through it, and looked at the way forward only. "
    "Xavier's variance has the sum of both fans in its denominator."
)
EDITS = {
    "xavier_uniform_": [("A_ / sum(fans(weight))", "A_ / fans(weight)[0]")],
    "xavier_normal_": [("A_ / sum(fans(weight))", "A_ / fans(weight)[0]")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is due."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
