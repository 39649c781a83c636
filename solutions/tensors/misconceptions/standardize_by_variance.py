"""You divide by the variance, not by its root."""

HINT = "After the division the deviation has to be one. Dividing by a number divides the deviation by that number."
QUESTION = "How large is the deviation of a column after your division, if it was 3 before?"
WORKED = """
The numbers 2 and 10 have the mean 6; their distances are −4 and 4, the variance is 16, the deviation 4.
  divided by 4:     −1 and 1, with the deviation 1
  divided by 16:    −0.25 and 0.25, with the deviation 0.25
"""
EDITS = {"standardize": [("X_.std(*A_)", "X_.var(*A_)")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
