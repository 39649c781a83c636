"""Your rate is the share of the test data."""

HINT = "rate says how much is for training: int(n·rate) pairs."
EDITS = {
    "split": [
        ("order[:k], order[k:]", "order[k:], order[:k]"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
