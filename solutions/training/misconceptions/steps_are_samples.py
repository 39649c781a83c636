"""You count samples, not batches."""

HINT = "One update is made for each batch. In Python # begins a comment; // divides."
EDITS = {
    "steps_per_epoch": [
        ("return A_", "return n"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example you count {int(yours[0])} updates, one for each sample; batches of 32 make {expected[0]}."
