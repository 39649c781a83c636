"""You leave their old gradients on frozen parameters."""

HINT = (
    "An optimizer skips a parameter only if its .grad is None. Weight decay and momentum move all others, frozen "
    "or not."
)
QUESTION = "What does an optimizer with momentum do with a parameter whose .grad is 0, and not None?"
WORKED = """
v = 0.5·v + g, then w = w − v. With v = 4 from earlier steps, w = 10 and g = 0: v = 2, and w becomes 8.
If g is None the parameter is skipped, and w stays 10.
"""
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
