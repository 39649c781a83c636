"""The learning rate is in your velocity and in your step."""

from __future__ import annotations

HINT = "It enters once only: v ← μ·v + g, then p ← p − lr·v."
EDITS = {
    "momentum_step": [("velocity = A_ + grad", "velocity = A_ + lr * grad")],
    "Momentum": [("X_.add_(p.grad)", 'X_.add_(p.grad, alpha=group["lr"])')],
}


def evidence(exercise, yours, expected):
    """Compare the velocity of the public example with the right one."""
    if exercise != "momentum_step":
        return None
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new velocity is {mine:.4g} where {due:.4g} is expected."
