"""You never clear the gradients, so they add up from epoch to epoch."""

HINT = "backward() adds to .grad. Clear before each backward pass what the last epoch left there."
EDITS = {
    "compare_starts": [
        ("optimizer.zero_grad()", ""),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your first row is {[round(float(v), 3) for v in yours[0]]}; due is {[round(float(v), 3) for v in expected[0]]}."
