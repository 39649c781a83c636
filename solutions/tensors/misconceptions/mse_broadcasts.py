"""You subtract (N,) from (N, 1), which gives N times N differences."""

HINT = "Shapes are aligned at the right, and what has length one is repeated. Give both the same shape before you subtract."
QUESTION = "Which shape does prediction − target have when one of them is a column?"
WORKED = """
A column (1, 2) minus a row (1, 4) is a table: 1−1, 1−4 in the first row, 2−1, 2−4 in the second.
  all four squares:            0, 9, 1, 4, with the mean 3.5
  element by element, (1−1)² and (2−4)²:   0, 4, with the mean 2
"""
EDITS = {
    "mean_squared_error": [
        [("difference = A_", "difference = prediction - target")],
        [("if A_ != B_:\n    *C_", ""), ("difference = A_", "difference = prediction - target")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}, the mean of 9 squares; the mean of the 3 that belong together is {expected.item():.4g}."
