"""There is no sigmoid between your layers."""

HINT = "Two linear maps after each other are one linear map. The bend between them makes the second layer worth having."
QUESTION = "What is left of two linear maps, one after the other, if nothing stands between them?"
WORKED = """
y = 3·(2·x + 1) + 4 = 6·x + 7: two layers, and the result is one straight line.
With a bend between the two, 3·max(2·x + 1, 0) + 4, it is 4 at x = −3, 4 at x = −2 and 7 at x = 0: no line does that.
"""
EDITS = {
    "Perceptron": [("torch.sigmoid(A_)", "A_")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1]:.3f}", f"{expected[1]:.3f}"
    if mine == due:
        return None
    return f"In the example your output is {mine} where {due} is expected."
