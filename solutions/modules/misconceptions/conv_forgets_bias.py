"""You never add the bias."""

HINT = "Each output channel has its own bias, which is added at every place."
QUESTION = "What does your function give for an image of zeros?"
WORKED = """
One output channel with bias 2. Over a window of zeros the products are zero, so the result there is 0 + 2 = 2.
"""
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
    return f"In the example with two channels and a bias your result is {mine} where {due} is expected."
