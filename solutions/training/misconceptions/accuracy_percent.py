"""You return a percentage."""

HINT = 'The accuracy is a share between 0 and 1. Percent are for printing: f"{share:.1%}".'
EDITS = {
    "accuracy": [
        ("return A_", "return 100 * A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your accuracy is {float(yours[0]):.4g}; two of three answers are right, which is {expected[0]:.4g}."
