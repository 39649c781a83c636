"""One pair is in neither of your parts."""

HINT = (
    "A slice has its start, but not its end. So the second slice has to start at the number at which the first one ends, "
    "and it needs no end: -1 as the end leaves out the last pair."
)
EDITS = {
    "split": [
        [
            ("order[k:]", "order[k:-1]"),
        ],
        [
            ("order[:k]", "order[: k - 1]"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
