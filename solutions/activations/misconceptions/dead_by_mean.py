"""You look at the mean over the samples; one positive sample among many negative ones is enough to be alive."""

HINT = "A mean below zero says that a unit is off for most samples, perhaps. Ask for each sample by itself."
QUESTION = "Can a unit with a negative mean be on for one sample?"
WORKED = """
Pre-activations −9, −8 and 2: the mean is −5, and for the third sample the unit is on and learns.
"""
EDITS = {
    "dead_units": [("(z <= 0).all(0)", "z.mean(0) <= 0")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."
