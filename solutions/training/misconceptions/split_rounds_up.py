"""You round the number of training pairs up, not down."""

HINT = (
    "Here int(n·rate) is asked for, which cuts off. If the number of test pairs is cut off instead, all others are for "
    "training, and their number is rounded up."
)
CONVENTION = True
USUAL_IN = "programs that count the test data first"
EDITS = {
    "split": [
        ("int(len(x) * rate)", "len(x) - int(len(x) * (1 - rate))"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
