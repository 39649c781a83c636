"""You put the learning rate into the velocity: v ← μ·v + lr·g."""

from __future__ import annotations

HINT = (
    "Here the velocity is a sum of gradients, and the learning rate enters when the parameter moves. "
    "At a constant rate the path is the same, but not the velocity."
)
QUESTION = "What would happen to your velocity if somebody changed the learning rate between two steps?"
WORKED = """
Take μ = 0.5, gradients 8 and 4, and a learning rate of 0.1 that becomes 0.01 after the first step.
  the sum of gradients:       v = 8, then 0.5 · 8 + 4 = 8; the second step is 0.01 · 8 = 0.08 long
  the rate in the velocity:   v = 0.8, then 0.5 · 0.8 + 0.01 · 4 = 0.44; the second step is 0.44 long
With the rate inside, the old rate still drives the new step.
"""
CONVENTION = True
USUAL_IN = "Sutskever et al. (2013), TensorFlow and Keras"
EDITS = {
    "momentum_step": [("velocity = A_ + grad", "velocity = A_ + lr * grad"), ("lr * velocity", "velocity")],
}


def evidence(exercise, yours, expected):
    """Compare the velocity of the public example with the right one."""
    if exercise != "momentum_step":
        return None
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new velocity is {mine:.4g} where {due:.4g} is expected."
