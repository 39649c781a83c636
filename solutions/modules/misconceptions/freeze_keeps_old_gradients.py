"""You leave their old gradients on frozen parameters."""

HINT = (
    "An optimizer skips a parameter only if its .grad is None. Weight decay and momentum move all others, frozen "
    "or not."
)
EDITS = {
    "freeze": [("if not kept(name):\n    *A_", "")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[1] == expected[1]:
        return None
    return f"In the example {yours[1]} have a gradient afterwards; due is {expected[1]}."
