"""You put the learning rate into the velocity: v ← μ·v + lr·g."""

from __future__ import annotations

HINT = (
    "Here the velocity is a sum of gradients, and the learning rate enters when the parameter moves. "
    "At a constant rate the path is the same, but not the velocity."
)
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
