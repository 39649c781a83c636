"""You never add the bias."""

HINT = "The bias is a parameter, but forward does not use it, so it gets no gradient either."
EDITS = {
    "Linear": [("return A_", "return y")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    return f"In the example your output for (1, 10) is {yours[3][0]} where {expected[3][0]} is due."
