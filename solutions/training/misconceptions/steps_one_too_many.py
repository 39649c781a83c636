"""You count one more batch even where every batch is full."""

HINT = "n // b + 1 is ⌈n/b⌉ only where something is left over. What does it give for 64 samples in batches of 32?"
EDITS = {
    "steps_per_epoch": [
        [
            ("drop_last or rest == 0", "drop_last"),
        ],
        [
            ("return A_", "return whole + 1"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the counts of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example you count {int(yours[2])} updates for 64 samples in batches of 32; {expected[2]} are due."
