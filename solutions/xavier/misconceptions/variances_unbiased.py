"""You divide by n − 1 where the number of elements n is asked for."""

from __future__ import annotations

HINT = (
    "torch.var corrects for the estimated mean unless you say correction=0. Here the variance is the mean "
    "squared distance from the mean."
)
CONVENTION = True
USUAL_IN = "torch.var and in statistics, where a variance is estimated from a sample"
EDITS = {
    "forward_variances": [("X_.var(correction=0)", "X_.var()")],
    "backward_variances": [("X_.var(correction=0)", "X_.var()")],
}


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is expected."
