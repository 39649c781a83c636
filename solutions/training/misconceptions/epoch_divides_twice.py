"""You give the updating function the gradient of the mean, which it divides by the number of samples once more."""

HINT = (
    "An updater that is a function divides by the number of samples itself. It wants the gradient of the sum of "
    "the losses."
)
QUESTION = "By how many samples is the gradient divided, in all, when the updater is a function?"
WORKED = """
Four samples, the sum of their gradients is 12: their mean is 3.
An updater that divides by 4 makes 12 / 4 = 3 of the sum. Of the mean it makes 3 / 4 = 0.75.
"""
EDITS = {
    "train_epoch": [
        ("(loss * A_).backward()", "loss.backward()"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your first weight is {float(yours[3][0]):.4g} after the pass; {float(expected[3][0]):.4g} is expected."
