"""Your values are positive on the negative side."""

HINT = (
    "The slope is the same kind of number as the 1 on the right-hand side: with a positive slope the curve rises "
    "everywhere, and is negative where x is."
)
QUESTION = "Is your value at −1 above or below the one at 0?"
WORKED = """
A slope of 0.5: at −4 the value is 0.5 · (−4) = −2, below zero, and at 0 it is 0: the curve rises.
With 0.5 · |−4| = 2 it would fall from the left to zero and rise again.
"""
EDITS = {
    "leaky_relu": [("slope * x", "-slope * x")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus two."""
    mine, due = f"{float(yours[1][0]):g}", f"{float(expected[1][0]):g}"
    if mine == due:
        return None
    return f"In the example, with slope 0.5, your value at −2 is {mine}; {due} is expected."
