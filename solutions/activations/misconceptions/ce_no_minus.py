"""You leave out the minus: your loss is smallest for the worst answer."""

HINT = "The logarithm of a probability is negative. A loss that is to become small has to be large for a wrong answer."
QUESTION = "Is your loss above or below zero, and does it become smaller when the answer becomes better?"
WORKED = """
The probability of the right class is 0.5, then 0.9: the logarithm goes from −0.693 to −0.105, so it rises.
With the minus it goes from 0.693 to 0.105: a better answer has the smaller loss.
"""
EDITS = {
    "cross_entropy": [("return -A_", "return A_")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    mine, due = f"{float(yours[0]):.10g}", f"{float(expected[0]):.10g}"
    if mine == due:
        return None
    return f"In the example your loss is {mine}; {due} is expected."
