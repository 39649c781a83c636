"""You give the optimizer the gradient of the sum of the losses."""

HINT = (
    "An optimizer of torch does not divide by the number of samples: with a sum its steps grow with the batch. It "
    "wants the gradient of the mean."
)
QUESTION = "Are your optimizer's steps longer if a batch has more samples?"
WORKED = """
Gradients 1, 2 and 3 of three samples, rate 0.1: the mean is 2, and the step 0.2. The sum is 6, and the step 0.6.
With 300 such samples the step of the mean is still 0.2; that of the sum is 60.
"""
EDITS = {
    "train_epoch": [
        ("loss.backward()\nupdater.step()", "(loss * len(y)).backward()\nupdater.step()"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your first weight is {float(yours[2][0]):.4g} after the pass; {float(expected[2][0]):.4g} is expected."
