"""You leave an incomplete last batch out even where it is to stay."""

HINT = "drop_last says whether it is left out; by default it stays. Else some samples would never be trained on."
EDITS = {
    "minibatches": [
        ("drop_last and A_", "A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example 11 indices in batches of 4 make {len(yours[2])} of your batches; {len(expected[2])} are due, the last one with 3."
