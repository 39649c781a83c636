"""You add the losses of all samples up; their mean is asked for."""

HINT = "With a sum the gradient, and so each step, grows with the size of the batch."
QUESTION = "Is your loss larger if every sample is given twice?"
WORKED = """
Losses 0.2 and 0.6 of two samples: the sum is 0.8, the mean 0.4. The same two twice: 1.6, and still 0.4.
A step along the sum would be twice as long for twice as many samples.
"""
EDITS = {
    "cross_entropy": [("A_.mean()", "A_.sum()")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    mine, due = f"{float(yours[0]):.10g}", f"{float(expected[0]):.10g}"
    if mine == due:
        return None
    return f"In the example your loss is {mine}; {due} is expected."
