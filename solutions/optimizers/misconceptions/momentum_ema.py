"""Your velocity is a moving average: the gradient is weighted with (1 − μ)."""

from __future__ import annotations

HINT = (
    "In this course's momentum the gradient enters with weight one: v ← μ·v + g. A weighted average "
    "makes every step smaller by the factor 1 − μ."
)
QUESTION = "If the gradient is 1 in every step, which number does your velocity come near, and which should it?"
WORKED = """
With μ = 0.5 and a gradient of 3 each time:
  a sum:       3, then 0.5 · 3 + 3 = 4.5, then 5.25, and so on up to 3 / (1 − 0.5) = 6
  an average:  1.5, then 2.25, then 2.625, and so on up to 3
Both are in use. Which of the two does the notebook's formula describe?
"""
EDITS = {
    "momentum_step": [("velocity = A_ + grad", "velocity = A_ + (1 - momentum) * grad")],
    "Momentum": [("X_.add_(p.grad)", "X_.add_(p.grad, alpha=1 - mu)")],
}


def evidence(exercise, yours, expected):
    """Compare the velocity of the public example with the right one."""
    if exercise != "momentum_step":
        return None
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new velocity is {mine:.4g} where {due:.4g} is expected."
