"""You leave out the minus: your loss is smallest for the worst answer."""

HINT = "The logarithm of a probability is negative. A loss that is to become small has to be large for a wrong answer."
EDITS = {
    "cross_entropy": [("return -A_", "return A_")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    return f"In the example your loss is {float(yours[0]):.10g}; {float(expected[0]):.10g} is due."
