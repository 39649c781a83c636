"""You divide the last entry by the first."""

HINT = "The ratio is first over last: a gradient that vanishes on its way back makes it small, not large."
QUESTION = "The first layer has a gradient of 0.001, the last one of 1. Should the ratio be 1000 or 0.001?"
WORKED = """
A river carries 4 l/s at its source and 20 l/s at its mouth.
Source over mouth is 4/20 = 0.2, mouth over source is 5. Each of them is a ratio; the text names one.
"""
EDITS = {
    "vanishing_ratio": [("A_ / B_", "B_ / A_")],
}


def evidence(exercise, yours, expected):
    """Compare the ratio of the example."""
    return f"In the example your ratio is {yours:g}; 0.125 over 0.5 is {expected:g}."
