"""Your slopes start at zero, not at init."""

HINT = "With a slope of zero the layer starts as a ReLU, dead side included. init says where it starts."
EDITS = {
    "PReLU": [("float(init)", "0.0")],
}


def evidence(exercise, yours, expected):
    """Show the start of the example."""
    return f"In the example, with init=0.5, your slopes start at {yours[0][0][1]}."
