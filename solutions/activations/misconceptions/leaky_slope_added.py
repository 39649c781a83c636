"""You add the slope to negative numbers where they should be multiplied by it."""

HINT = "A slope is a factor: it says how much the value changes when x changes by one."
EDITS = {
    "leaky_relu": [("slope * x", "x + slope")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus two."""
    mine, due = f"{float(yours[1][0]):g}", f"{float(expected[1][0]):g}"
    if mine == due:
        return None
    return f"In the example, with slope 0.5, your value at −2 is {mine}; 0.5 · (−2) is {due}."
