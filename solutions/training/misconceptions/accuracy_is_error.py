"""You return the share of wrong answers."""

HINT = "Where every answer is right, the accuracy is 1."
EDITS = {
    "accuracy": [
        [
            ("return A_", "return 1 - A_"),
        ],
        [
            ("A_ == B_", "A_ != B_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your accuracy is {float(yours[0]):.4g}; two of three answers are right, which is {expected[0]:.4g}."
