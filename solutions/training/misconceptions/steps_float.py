"""Your number of updates is a float."""

HINT = "There are no parts of an update: the result is an int. / gives a float, and so does np.ceil."
EDITS = {
    "steps_per_epoch": [
        [
            ("return A_", "return n / batch_size"),
        ],
        [
            ("return A_", "return float(A_)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if isinstance(yours[0], float):
        return f"In the example your first answer is {yours[0]}, a float; {expected[0]} is expected, an int."
    return None
