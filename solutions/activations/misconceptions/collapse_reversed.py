"""You multiply in the reverse order: the first layer's weight has to stand on the right."""

HINT = (
    "x meets the first layer first: W₂(W₁x) = (W₂W₁)x. Matrices do not commute, and unless all layers are square "
    "the other order does not even fit."
)
EDITS = {
    "collapse": [
        [("FIRST", "weights, biases = weights[::-1], biases[::-1]")],
        [("w @ weight", "weight @ w")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the weight."""
    return f"In the example your weight is {yours[0].tolist()}; {expected[0].tolist()} is due."
