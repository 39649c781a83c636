"""You ignore the old velocity."""

from __future__ import annotations

HINT = "The velocity remembers: a part μ of the old one stays in the new one. Without it, momentum is plain SGD."
EDITS = {
    "momentum_step": [("velocity = momentum * velocity + A_", "velocity = A_")],
    "Momentum": [("velocity.mul_(mu)", "velocity.zero_()")],
}


def evidence(exercise, yours, expected):
    """Compare the velocity of the public example with the right one."""
    if exercise != "momentum_step":
        return None
    mine, due = float(yours[1][0]), float(expected[1][0])
    return f"In the example your new velocity is {mine:.4g} where {due:.4g} is expected."
