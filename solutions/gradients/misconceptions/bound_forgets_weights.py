"""Your bound has the quarters but not the weights."""

HINT = (
    "Between the first weight and the output are the activations and the weights of all later layers. Large weights "
    "can make up for the quarters, so they belong in the bound."
)
EDITS = {
    "vanishing_bound": [("bound * abs(w) / 4", "bound / 4")],
}


def evidence(exercise, yours, expected):
    """Compare the first bound of the example, three weights of one half."""
    return f"In the example your bound is 1/{1 / yours[0]:.4g}; with the weights w₂ and w₃ of ½ it is 1/{1 / expected[0]:.4g}."
