"""You multiply the weights by the square of the gain."""

from __future__ import annotations

HINT = "The gain multiplies the weights. It is their variance that grows with its square."
QUESTION = "If every weight is doubled, by how much does their variance grow?"
WORKED = """
The numbers −1 and 1 have the variance 1. Three times as large, −3 and 3, they have the variance 9 = 3².
So a gain of 3 on the weights is a factor of 9 on the variance. Which of the two is asked for?
"""
EDITS = {
    "xavier_uniform_": [("FIRST", "gain = gain**2")],
    "xavier_normal_": [("FIRST", "gain = gain**2")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
