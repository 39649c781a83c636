"""You draw from a normal law where a uniform one is asked for."""

from __future__ import annotations

HINT = (
    "The variance is right, but a uniform law ends at its bound. normal_ and randn make the normal law of the "
    "next exercise."
)
EDITS = {
    "xavier_uniform_": [("X_.uniform_(-bound, bound, *A_)", "X_.normal_(0.0, bound / math.sqrt(3), *A_)")],
}


def evidence(exercise, yours, expected):
    """Name the largest weight of the public example."""
    key = "largest over a"
    return f"In the example your largest weight is {float(yours[key]):.1f} times a; a uniform law ends at {float(expected[key]):.1f}."
