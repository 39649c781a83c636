"""You divide by n − 1 where the number of elements n is asked for."""

from __future__ import annotations

HINT = (
    "torch.var corrects for the estimated mean unless you say correction=0. Here the variance is the mean "
    "squared distance from the mean."
)
QUESTION = "By what do you divide the sum of squares: by the number of elements, or by one less?"
WORKED = """
The numbers 2, 4, 6 have the mean 4; the squared distances are 4, 0, 4, together 8.
  divided by n = 3:       2.67, the mean squared distance
  divided by n − 1 = 2:   4, an estimate for a larger population
"""
CONVENTION = True
USUAL_IN = "torch.var and in statistics, where a variance is estimated from a sample"
EDITS = {
    "forward_variances": [("X_.var(correction=0)", "X_.var()")],
    "backward_variances": [("X_.var(correction=0)", "X_.var()")],
}


def evidence(exercise, yours, expected):
    """Compare the first variance of the public example."""
    return f"In the example your first variance is {float(yours[0]):.4g} where {float(expected[0]):.4g} is expected."
