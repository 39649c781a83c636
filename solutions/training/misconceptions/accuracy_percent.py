"""You return a percentage."""

HINT = 'The accuracy is a share between 0 and 1. Percent are for printing: f"{share:.1%}".'
QUESTION = "Which is the largest number that your function can give?"
WORKED = """
3 of 4 is 0.75, or 75 per cent. A share lies between 0 and 1; 75 instead of 0.75 is a hundred times too much.
"""
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
