"""You count the elements that are not saturated."""

HINT = "Saturated means a small slope: below the threshold, not above it."
EDITS = {
    "saturated_fraction": [("A_.abs() < threshold", "A_.abs() >= threshold")],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    return f"In the example your share for softplus is {yours['softplus']:g}; {expected['softplus']:g} is due."
