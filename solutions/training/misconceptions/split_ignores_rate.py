"""You always take seven tenths, whatever the rate is."""

HINT = "0.7 is the default of rate, not its value. Which line uses rate?"
EDITS = {
    "split": [
        ("int(len(x) * rate)", "int(len(x) * 0.7)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
