"""You predict in training mode: dropout and batch statistics are at work in your result."""

HINT = (
    "torch.no_grad() does not change how layers behave. In training mode Dropout sets elements to zero at random, and "
    "BatchNorm uses (and updates!) the statistics of this batch, so that a prediction depends on its neighbours."
)
QUESTION = "Call your function twice with the same input. Are the answers the same?"
WORKED = """
Dropout with p = 0.5 on the number 3, in training mode: 0 or 6, by chance. In evaluation mode: 3, each time.
torch.no_grad() changes neither; it only stops the recording of gradients.
"""
EDITS = {
    "predict": [("model.eval()", "")],
}


def evidence(exercise, yours, expected):
    """Count the zeros in the public example."""
    mine, due = int((yours[0] == 0).sum()), int((expected[0] == 0).sum())
    if not mine:
        return None  # by chance nothing was dropped
    return f"In the example {mine} of the 6 numbers that you predict are zero where {due} should be."
