"""You add the batches’ gradients up without weights."""

HINT = "The result is the gradient of a mean over all samples, and does not grow with the number of batches."
QUESTION = "Is your gradient larger if the same samples are cut into more batches?"
WORKED = """
Gradients of four samples: 1, 3, 5, 7. Their mean is 4.
  two batches of two:   means 2 and 6; their sum is 8, half of each is 1 + 3 = 4
  one batch of four:    4
"""
EDITS = {
    "accumulated_gradient": [
        ("X_ * (len(y) / count)", "X_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):.4g}; 2/3 · 5 + 1/3 · 32 is {expected[0]:g}."
