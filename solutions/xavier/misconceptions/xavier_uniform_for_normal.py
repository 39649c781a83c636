"""You draw from a uniform law where a normal one is asked for."""

from __future__ import annotations

HINT = (
    "The variance is right, but a normal law has no bound: one weight in three is farther from zero than σ. "
    "uniform_ and rand make the uniform law of the exercise before."
)
EDITS = {
    "xavier_normal_": [("X_.normal_(0.0, sd, *A_)", "X_.uniform_(-math.sqrt(3) * sd, math.sqrt(3) * sd, *A_)")],
}


def evidence(exercise, yours, expected):
    """Compare how many weights of the public example are near zero."""
    key = "part within σ"
    return f"In the example {float(yours[key]):.1f} of your weights are within σ of zero; of a normal law {float(expected[key]):.1f} are."
