"""You return how many answers are right, not their share."""

HINT = "A share is between 0 and 1, whatever the number of samples."
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
