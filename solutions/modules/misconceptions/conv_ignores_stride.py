"""You do not use the stride."""

HINT = "With a stride of s the kernel lies on every s-th place only, in both directions."
QUESTION = "At which columns does your kernel lie with a stride of 2?"
WORKED = """
A row of 7 and a kernel of 3 has places at 0, 1, 2, 3 and 4. With a stride of 2 only 0, 2 and 4 are left: 3 numbers
come out, not 5.
"""
EDITS = {
    "conv2d": [("padded.unfold(2, kh, stride).unfold(3, kw, stride)", "padded.unfold(2, kh, 1).unfold(3, kw, 1)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is expected."
