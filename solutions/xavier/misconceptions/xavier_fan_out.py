"""You use fan_out alone: the variance that keeps gradients on the way back."""

from __future__ import annotations

HINT = (
    "1/fan_out keeps gradients on the way back and 1/fan_in signals on the way forward. Xavier's variance is "
    "one over the mean of the two fans. (For an nn.Linear, the first dimension of the weight is the output.)"
)
EDITS = {
    "xavier_uniform_": [("A_ / sum(fans(weight))", "A_ / 2 / fans(weight)[1]")],
    "xavier_normal_": [("A_ / sum(fans(weight))", "A_ / 2 / fans(weight)[1]")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
