"""You clear the gradients between backward() and the step, so the step has none."""

HINT = "backward() writes the gradients that the step uses. Clear before backward(), or after the step."
QUESTION = "What does .grad hold at the moment of your step?"
WORKED = """
Write a note, tear it up, read it: nothing is left to read. Tear up the old one, write, read: that works.
In the loop: clear, backward, step.
"""
EDITS = {
    "train_epoch": [
        ("AFTER loss.backward()", "model.zero_grad(set_to_none=False)"),
        ("AFTER (loss * A_).backward()", "model.zero_grad(set_to_none=False)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your first weight is {float(yours[2][0]):.4g} after the pass; {float(expected[2][0]):.4g} is expected."
