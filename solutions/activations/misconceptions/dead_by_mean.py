"""You look at the mean over the samples; one positive sample among many negative ones is enough to be alive."""

HINT = "A mean below zero says that a unit is off for most samples, perhaps. Ask for each sample by itself."
EDITS = {
    "dead_units": [("(z <= 0).all(0)", "z.mean(0) <= 0")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    return f"In the example you answer {yours.tolist()}; {expected.tolist()} is due."
