"""You count one more batch even where every batch is full."""

HINT = "n // b + 1 is ⌈n/b⌉ only where something is left over. What does it give for 64 samples in batches of 32?"
QUESTION = "What does your function give for 64 samples in batches of 32?"
WORKED = """
Rows of 5 seats for 20 people: 20 // 5 = 4 rows, and 4 + 1 = 5 would leave one empty. For 21 people it is 5.
  (20 + 5 − 1) // 5 = 24 // 5 = 4
  (21 + 5 − 1) // 5 = 25 // 5 = 5
"""
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
