"""You count the incomplete last batch even where it is to be dropped."""

HINT = "drop_last says whether an incomplete batch is left out. With it only full batches count."
EDITS = {
    "steps_per_epoch": [
        ("drop_last or rest == 0", "rest == 0"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example you count {int(yours[1])} updates with drop_last; {expected[1]} full batches of 32 are in 1000 samples."
