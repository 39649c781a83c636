"""You do not use the padding."""

HINT = "Before the kernel moves, the image gets `padding` zeros on each of its four sides."
QUESTION = "Which size has your result with padding 1 and a kernel of 3: that of the image, or less?"
WORKED = """
A row (4, 5, 6), the kernel (1, 1, 1):
  without padding:   one place, 4 + 5 + 6 = 15
  with padding 1:    the row is (0, 4, 5, 6, 0), and there are three places: 9, 15, 11
"""
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
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is expected."
