"""You pad the image at the right and at the bottom only."""

HINT = "Zeros stand on all four sides: the image grows by 2·padding in each direction."
EDITS = {
    "conv2d": [
        [("nn.functional.pad(A_, X_)", "nn.functional.pad(A_, (0, padding, 0, padding))")],
        [("nn.functional.pad(A_, X_)", "nn.functional.pad(A_, (padding, 0, padding, 0))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is due."
