"""You add the squares up and do not divide by their number."""

HINT = "The mean of N numbers is their sum divided by N."
EDITS = {"mean_squared_error": [("X_.mean()", "X_.sum()")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
