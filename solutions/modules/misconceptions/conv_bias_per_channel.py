"""You add the bias once for each input channel."""

HINT = "The bias belongs to the output channel: it is added once, after the sum over the input channels."
EDITS = {
    "conv2d": [("out + A_", "out + x.shape[1] * A_")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[1], expected[1]
    if mine == due:
        return None
    return f"In the example with two channels and a bias your result is {mine} where {due} is expected."
