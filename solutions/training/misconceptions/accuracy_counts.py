"""You return how many answers are right, not their share."""

HINT = "A share is between 0 and 1, whatever the number of samples."
QUESTION = "Does your result grow if the same samples come twice?"
WORKED = """
6 of 8 are right: the count is 6, the share 6 / 8 = 0.75. Twice the same: 12 of 16, and the share is 0.75 again.
"""
EDITS = {
    "accuracy": [
        [
            ("right.double().mean().item()", "right.sum().item()"),
        ],
        [
            ("right.double().mean().item()", "right.double().sum().item()"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your accuracy is {float(yours[0]):.4g}; two of three answers are right, which is {expected[0]:.4g}."
