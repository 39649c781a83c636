"""You keep the last layer's bias only."""

HINT = "The biases of the layers below reach the output too, multiplied by all the weights above them."
EDITS = {
    "collapse": [("w @ bias + b", "b")],
}


def evidence(exercise, yours, expected):
    """Compare the bias."""
    return f"In the example your bias is {yours[1].tolist()}; {expected[1].tolist()} is due."
