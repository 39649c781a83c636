"""You take the bound of the uniform law for the standard deviation of the normal one."""

from __future__ import annotations

HINT = (
    "The bound of a uniform law is √3 times its standard deviation. A normal law has no bound; normal_ and "
    "randn take the deviation itself."
)
EDITS = {
    "xavier_normal_": [("2 / A_", "6 / A_")],
}


def evidence(exercise, yours, expected):
    """Compare the variance of the public example with the one that is expected."""
    key = "variance over a²/3" if exercise == "xavier_uniform_" else "variance over σ²"
    return f"In the example the variance of your weights is {float(yours[key]):.1f} times the one that is asked for, not {float(expected[key]):.1f}."
