"""You take the root of the mean."""

HINT = "That is the root mean squared error, RMSE. Here the mean itself is asked for."
EDITS = {"mean_squared_error": [("return A_", "return A_.sqrt()")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
