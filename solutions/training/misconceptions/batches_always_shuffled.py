"""You shuffle even where shuffle is False."""

HINT = "To measure a model, say, one wants the samples in their order. shuffle=False asks for that."
EDITS = {
    "minibatches": [
        ("A_ if shuffle else B_", "A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, with shuffle=False, your first batches are {yours[0]}; {expected[0]} are due."
