"""You add the losses of all samples up; their mean is asked for."""

HINT = "With a sum the gradient, and so each step, grows with the size of the batch."
EDITS = {
    "cross_entropy": [("A_.mean()", "A_.sum()")],
}


def evidence(exercise, yours, expected):
    """Compare the loss of the two samples."""
    return f"In the example your loss is {float(yours[0]):.10g}; {float(expected[0]):.10g} is due."
