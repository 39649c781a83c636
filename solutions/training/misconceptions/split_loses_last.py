"""Your parts lack the last pair."""

HINT = "In a slice the end is left out: [k:-1] stops before the last one, [k:] does not."
EDITS = {
    "split": [
        ("order[k:]", "order[k:-1]"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
