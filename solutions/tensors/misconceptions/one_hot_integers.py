"""Your vectors do not hold floating-point numbers."""

HINT = "A comparison gives bools, and zeros of the labels' dtype are integers. A loss wants float32: convert."
QUESTION = "Which dtype does your result have, and which one do a layer's weights have?"
WORKED = """
torch.tensor([1, 2]) == 2 is [False, True], of dtype bool. torch.zeros_like of an int64 tensor is int64 too.
  such a vector times a float32 matrix:   an error about dtypes
  .to(torch.float32) first:               the numbers 0. and 1., which fit
"""
EDITS = {
    "one_hot": [
        [("X_.to(torch.float32)", "X_.to(torch.int64)")],
        [("X_.to(torch.float32)", "X_")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the dtypes."""
    return f"In the example your result is {yours.dtype}; {expected.dtype} is asked for."
