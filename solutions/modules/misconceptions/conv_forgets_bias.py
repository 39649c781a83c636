"""You never add the bias."""

HINT = "Each output channel has its own bias, which is added at every place."
EDITS = {
    "conv2d": [("return A_", "return out")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[1], expected[1]
    if mine == due:
        return None
    return f"In the example with two channels and a bias your result is {mine} where {due} is due."
