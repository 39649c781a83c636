"""Your frozen batch normalisation still learns: its running statistics change in every forward pass."""

HINT = "Running statistics are no parameters, so requires_grad does not stop them. Only evaluation mode does."
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
