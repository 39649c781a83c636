"""You take the mean of the absolute differences, not of their squares."""

HINT = "The mean absolute error grows in proportion to a difference, the mean squared error with its square."
EDITS = {"mean_squared_error": [("difference**2", "difference.abs()")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
