"""Your vectors do not hold floating-point numbers."""

HINT = "A comparison gives bools, and zeros of the labels' dtype are integers. A loss wants float32: convert."
EDITS = {
    "one_hot": [
        [("X_.to(torch.float32)", "X_.to(torch.int64)")],
        [("X_.to(torch.float32)", "X_")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the dtypes."""
    return f"In the example your result is {yours.dtype}; {expected.dtype} is asked for."
