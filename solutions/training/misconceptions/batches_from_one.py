"""Your indices begin with 1."""

HINT = "In Python the first sample is x[0], and x[n] does not exist."
EDITS = {
    "minibatches": [
        ("A_ if shuffle else B_", "(A_ if shuffle else B_) + 1"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the batches of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your first batch is {yours[0][0]}; {expected[0][0]} is expected."
