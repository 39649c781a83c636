"""You divide by the variance, not by its root."""

HINT = "After the division the deviation has to be one. Dividing by a number divides the deviation by that number."
EDITS = {"standardize": [("X_.std(*A_)", "X_.var(*A_)")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
