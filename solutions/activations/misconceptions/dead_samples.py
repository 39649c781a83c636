"""You look along the units: you have one answer for each sample."""

HINT = (
    "z has one row for each sample and one column for each unit. Which dimension has to go, so that one answer "
    "for each unit is left?"
)
EDITS = {
    "dead_units": [("A_.all(0)", "A_.all(1)")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    return f"In the example you answer {yours.tolist()}; {expected.tolist()} is due."
