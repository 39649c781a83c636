"""You never clear the gradients, so they add up over batches and epochs."""

HINT = "backward() adds to .grad. Clear before each backward pass what the last one left there."
QUESTION = "What does .grad hold before each of your backward passes?"
WORKED = """
Gradients of three batches: 1, 1 and 1. If nobody clears, .grad is 1, then 2, then 3: the steps grow, though the
slope is the same.
"""
EDITS = {
    "fit": [
        ("optimizer.zero_grad()", ""),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."
