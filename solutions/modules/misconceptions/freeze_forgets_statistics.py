"""Your frozen batch normalisation still learns: its running statistics change in every forward pass."""

HINT = "Running statistics are no parameters, so requires_grad does not stop them. Only evaluation mode does."
QUESTION = "What does running_mean do in the next forward pass in training mode?"
WORKED = """
A frozen layer with running mean 5 and momentum 0.5 sees a batch with the mean 9, in training mode:
0.5 · 5 + 0.5 · 9 = 7. No gradient was needed for that, and the frozen layer now answers otherwise.
"""
EDITS = {
    "freeze": [("for name, module in modules.items():\n    *A_", "")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[2] == expected[2]:
        return None
    return f"In the example {yours[2]} are in evaluation mode afterwards; due is {expected[2]}."
