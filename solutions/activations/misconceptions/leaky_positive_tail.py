"""Your values are positive on the negative side."""

HINT = (
    "The slope is the same kind of number as the 1 on the right-hand side: with a positive slope the curve rises "
    "everywhere, and is negative where x is."
)
EDITS = {
    "leaky_relu": [("slope * x", "-slope * x")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus two."""
    return (
        f"In the example, with slope 0.5, your value at −2 is {float(yours[1][0]):g}; {float(expected[1][0]):g} is due."
    )
