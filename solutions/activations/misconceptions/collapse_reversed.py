"""You multiply in the reverse order: the first layer's weight has to stand on the right."""

HINT = (
    "x meets the first layer first: W₂(W₁x) = (W₂W₁)x. Matrices do not commute, and unless all layers are square "
    "the other order does not even fit."
)
QUESTION = "Which layer's weight meets x first, and where does it stand in your product?"
WORKED = """
First add nothing but double the second number, D = [[1, 0], [0, 2]]; then exchange both, P = [[0, 1], [1, 0]].
x = (1, 3): D gives (1, 6), then P gives (6, 1). P·D·x is that. D·P·x = D·(3, 1) = (3, 2).
"""
EDITS = {
    "collapse": [
        [("FIRST", "weights, biases = weights[::-1], biases[::-1]")],
        [("w @ weight", "weight @ w")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the weight."""
    mine, due = f"{yours[0].tolist()}", f"{expected[0].tolist()}"
    if mine == due:
        return None
    return f"In the example your weight is {mine}; {due} is expected."
