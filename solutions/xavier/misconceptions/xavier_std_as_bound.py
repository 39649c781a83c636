"""You take the standard deviation for the bound of the uniform law."""

from __future__ import annotations

HINT = (
    "A uniform law on [−a, a] has the standard deviation a/√3: most of its mass is far from the ends. For a "
    "deviation of σ its bound must be √3 times as large."
)
QUESTION = "What is the standard deviation of numbers that are uniform between −a and a?"
WORKED = """
Numbers uniform between −3 and 3: their variance is 3²/3 = 3, so their deviation is √3 = 1.73, not 3.
For a deviation of 2 the bound has to be 2 · √3 = 3.46.
"""
EDITS = {
    "xavier_uniform_": [("6 / A_", "2 / A_")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
