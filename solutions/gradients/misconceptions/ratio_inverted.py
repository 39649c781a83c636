"""You divide the last entry by the first."""

HINT = "The ratio is first over last: a gradient that vanishes on its way back makes it small, not large."
EDITS = {
    "vanishing_ratio": [("A_ / B_", "B_ / A_")],
}


def evidence(exercise, yours, expected):
    """Compare the ratio of the example."""
    return f"In the example your ratio is {yours:g}; 0.125 over 0.5 is {expected:g}."
