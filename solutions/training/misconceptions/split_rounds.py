"""You round the number of training pairs to the nearest whole number."""

HINT = "Both are reasonable. Here int(n·rate) is asked for, which cuts off."
CONVENTION = True
USUAL_IN = "programs that divide data by rounded shares"
EDITS = {
    "split": [
        ("int(len(x) * rate)", "round(len(x) * rate)"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at lengths and pairs of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with 10 pairs and a rate of 0.35, you have {yours[0]} pairs for training and {yours[2]} for testing; {expected[0]} and {expected[2]} are due."
