"""You take the larger of slope·x and x, which is leaky ReLU for slopes up to 1 only."""

HINT = (
    "With a slope above one slope·x is the larger one where x is positive, and the smaller one where it is "
    "negative. Decide by the sign of x."
)
EDITS = {
    "leaky_relu": [("torch.where(x > 0, x, A_)", "torch.maximum(A_, x)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at two with slope three."""
    return f"In the example, with slope 3, your value at 2 is {float(yours[2][1]):g}; positive numbers stay as they are: {float(expected[2][1]):g}."
