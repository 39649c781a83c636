"""You do not clamp to [0, 1], so what does not fit into uint8 comes out as some other number."""

HINT = "1.2 times 255 is 306, and uint8 ends at 255: only a remainder is left. What has to happen first?"
QUESTION = "What does your function make of a number a little above 1?"
WORKED = """
uint8 counts 0 … 255 and then begins at 0 again, as a clock begins again after 12.
  1.1 · 255 = 280.5; as a whole number 280, and 280 − 256 = 24: nearly black
  1.1 clamped to 1 first:   1 · 255 = 255, white
"""
EDITS = {"batch_to_image": [("X_.clip(0, 1)", "X_")]}


def evidence(exercise, yours, expected):
    """Show what becomes of a number above one."""
    return f"In the example 1.5 becomes {int(yours[0, 0, 0])}; it should become {int(expected[0, 0, 0])}."
