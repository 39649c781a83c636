"""You call a unit dead as soon as it is off for one sample."""

HINT = "A unit that is off for some samples and on for others is at work. It is dead if it is off for all of them."
QUESTION = "For how many samples is your unit off, and for how many does it have to be off?"
WORKED = """
A shop is closed on Sunday and open on six days. "Closed on some day" is true of nearly every shop.
"Closed for good" means: closed on every day.
"""
EDITS = {
    "dead_units": [("A_.all(0)", "A_.any(0)")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."
