"""You take the root of the mean."""

HINT = "That is the root mean squared error, RMSE. Here the mean itself is asked for."
QUESTION = "In which unit is your result, if predictions and targets are in metres?"
WORKED = """
Differences of 3 and 5:
  the mean of the squares:   (9 + 25) / 2 = 17
  its root:                  4.12
Both are in use; the first is the mean squared error, the second is called RMSE.
"""
EDITS = {"mean_squared_error": [("return A_", "return A_.sqrt()")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
