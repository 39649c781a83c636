"""You return how many elements are saturated; their share is asked for."""

HINT = "A share lies between 0 and 1: divide by the number of all elements, or take a mean."
QUESTION = "Which numbers can your function return for a tensor of 10 elements?"
WORKED = """
3 of 12 bulbs are broken. The count is 3, the share is 3 / 12 = 0.25. A share does not grow if the house does.
"""
EDITS = {
    "saturated_fraction": [
        [("A_.mean()", "A_.sum()")],
        [("A_.double().mean().item()", "A_.sum().item()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    mine, due = f"{yours['softplus']:g}", f"{expected['softplus']:g}"
    if mine == due:
        return None
    return f"In the example your share for softplus is {mine}; {due} is expected."
