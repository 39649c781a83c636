"""You add the squares up and do not divide by their number."""

HINT = "The mean of N numbers is their sum divided by N."
QUESTION = "Does your result grow if every pair is given twice?"
WORKED = """
Differences of 1 and 3:
  sum of the squares:    1 + 9 = 10
  mean of the squares:   10 / 2 = 5
The same pairs once more: the sum is 20, the mean is still 5.
"""
EDITS = {"mean_squared_error": [("X_.mean()", "X_.sum()")]}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}; it should be {expected.item():.4g}."
