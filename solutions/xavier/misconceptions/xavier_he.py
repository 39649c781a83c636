"""You use He's variance, 2/fan_in."""

from __future__ import annotations

HINT = (
    "He et al. made 2/fan_in for ReLU, which halves what goes through it, and looked at the way forward only. "
    "Xavier's variance has the sum of both fans in its denominator."
)
QUESTION = "Which of the two fans does your variance not depend on?"
WORKED = """
A layer with fan_in = 30 and fan_out = 10:
  for the way forward alone:   1/30 = 0.033
  for the way back alone:      1/10 = 0.1
  Xavier's compromise:         2/40 = 0.05, between the two
  He's, made for ReLU:         2/30 = 0.067
"""
EDITS = {
    "xavier_uniform_": [("A_ / sum(fans(weight))", "A_ / fans(weight)[0]")],
    "xavier_normal_": [("A_ / sum(fans(weight))", "A_ / fans(weight)[0]")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
