"""You return loss and accuracy of the last batch only."""

HINT = "The pass has many batches. Add up what each contributes, and divide at the end."
QUESTION = "Which of your batches has a part in what you return?"
WORKED = """
Three bills of 10, 20 and 60: the last one is 60, and 90 was spent.
total = 0 before the loop, total += bill inside it.
"""
EDITS = {
    "train_epoch": [
        ("total += A_", "total = A_"),
        ("right += A_", "right = A_"),
        ("count += A_", "count = A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
