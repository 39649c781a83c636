"""You count the elements that are not saturated."""

HINT = "Saturated means a small slope: below the threshold, not above it."
QUESTION = "Your function is asked about a tensor of zeros and a sigmoid. Is anything saturated there?"
WORKED = """
Slopes 0.25, 0.2 and 0.0001 with the threshold 0.01: one of three is below it, so the share is 1/3.
The other two, 2/3, are alive.
"""
EDITS = {
    "saturated_fraction": [("A_.abs() < threshold", "A_.abs() >= threshold")],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    mine, due = f"{yours['softplus']:g}", f"{expected['softplus']:g}"
    if mine == due:
        return None
    return f"In the example your share for softplus is {mine}; {due} is expected."
