"""You return how many elements are saturated; their share is asked for."""

HINT = "A share lies between 0 and 1: divide by the number of all elements, or take a mean."
EDITS = {
    "saturated_fraction": [
        [("A_.mean()", "A_.sum()")],
        [("A_.double().mean().item()", "A_.sum().item()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    return f"In the example your share for softplus is {yours['softplus']:g}; {expected['softplus']:g} is due."
