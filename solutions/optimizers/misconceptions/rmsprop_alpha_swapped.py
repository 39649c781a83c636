"""You exchanged the weights α and 1 − α."""

from __future__ import annotations

HINT = "α is the weight of the old average, and it is near one: s ← α·s + (1 − α)·g²."
QUESTION = "With α = 0.99: should one new gradient change the average much, or little?"
WORKED = """
An average of 10, a new value of 110, and a weight of 0.9 for the old:
  the old with 0.9:  0.9 · 10 + 0.1 · 110 = 20; it moves slowly
  exchanged:         0.1 · 10 + 0.9 · 110 = 100; it nearly forgets what was before
"""
EDITS = {
    "rmsprop_step": [("FIRST", "alpha = 1 - alpha")],
}


def evidence(exercise, yours, expected):
    """Compare the average of the squares of the public example with the right one."""
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new average is {mine:.4g} where {due:.4g} is expected."
