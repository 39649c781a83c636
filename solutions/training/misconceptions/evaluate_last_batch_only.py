"""You return loss and accuracy of the last batch only."""

HINT = "All batches count. Add up what each contributes, and divide at the end."
EDITS = {
    "evaluate": [
        ("total += A_", "total = A_"),
        ("right += A_", "right = A_"),
        ("count += A_", "count = A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and modes of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
