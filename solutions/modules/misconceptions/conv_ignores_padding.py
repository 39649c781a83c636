"""You do not use the padding."""

HINT = "Before the kernel moves, the image gets `padding` zeros on each of its four sides."
EDITS = {
    "conv2d": [("padded = A_", "padded = x")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is due."
