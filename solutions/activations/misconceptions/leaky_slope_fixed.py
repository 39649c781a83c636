"""You take the slope 0.01 whatever slope is given."""

HINT = "0.01 is only the default of the parameter. Use the parameter itself in the formula."
EDITS = {
    "leaky_relu": [("slope * x", "0.01 * x")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus two with slope one half."""
    return (
        f"In the example, with slope 0.5, your value at −2 is {float(yours[1][0]):g}; {float(expected[1][0]):g} is due."
    )
