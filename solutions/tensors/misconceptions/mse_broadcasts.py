"""You subtract (N,) from (N, 1), which gives N times N differences."""

HINT = "Shapes are aligned at the right, and what has length one is repeated. Give both the same shape before you subtract."
EDITS = {
    "mean_squared_error": [
        [("difference = A_", "difference = prediction - target")],
        [("if A_ != B_:\n    *C_", ""), ("difference = A_", "difference = prediction - target")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the example."""
    return f"In the example your error is {yours.item():.4g}, the mean of 9 squares; the mean of the 3 that belong together is {expected.item():.4g}."
