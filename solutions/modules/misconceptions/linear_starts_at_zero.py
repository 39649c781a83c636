"""Your first weights are all zero."""

HINT = (
    "If all weights are the same, all outputs are the same and get the same gradient: they stay alike for ever. "
    "The first numbers have to be drawn."
)
QUESTION = "All rows of your weight are the same. What makes their gradients different from each other?"
WORKED = """
Two units with the same weights, (0, 0) each, see the same input (1, 2) and give the same output.
What comes back is then the same for both, so after a step both are, say, (0.1, 0.2). Alike again, for ever.
"""
EDITS = {
    "Linear": [
        ("torch.empty(out_features, in_features).uniform_(-bound, bound)", "torch.zeros(out_features, in_features)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[2][0] != 0 or expected[2][0] == 0:
        return None
    return f"In the example your largest weight is {yours[2][0]:.3g} times the bound; {expected[2][0]} is expected."
