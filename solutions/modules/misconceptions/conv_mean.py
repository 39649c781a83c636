"""You take the mean of the products, not their sum."""

HINT = "A convolution adds up. A kernel that is to compute a mean has the numbers for it, such as 1/9."
EDITS = {
    "conv2d": [[("out = A_", "out = A_ / weight[0].numel()")], [("out = A_", "out = A_ / weight[0, 0].numel()")]],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0], expected[0]
    if mine == due:
        return None
    return f"In the example your first result is {mine} where {due} is expected."
