"""Your slopes run along the last dimension, not along the channels."""

HINT = (
    "Broadcasting lines dimensions up from the right. Channels are dimension 1, so behind the slopes there has to "
    "be a dimension of one for each further dimension of x."
)
EDITS = {
    "PReLU": [("slope * x", "self.weight * x")],
}


def evidence(exercise, yours, expected):
    """Compare the second channel of the example."""
    return f"In the example −1 in the second channel becomes {yours[1][0][1][0]:.4g}; its slope is 0.2, so {expected[1][0][1][0]:.4g} is due."
