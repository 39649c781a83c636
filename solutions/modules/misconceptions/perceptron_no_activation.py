"""There is no sigmoid between your layers."""

HINT = "Two linear maps after each other are one linear map. The bend between them makes the second layer worth having."
EDITS = {
    "Perceptron": [("torch.sigmoid(A_)", "A_")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    return f"In the example your output is {yours[1]:.3f} where {expected[1]:.3f} is due."
