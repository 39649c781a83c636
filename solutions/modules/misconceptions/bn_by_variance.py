"""You divide by the variance, without taking its root."""

HINT = "After the division the variance has to be one. Dividing by a number divides the variance by its square."
EDITS = {
    "BatchNorm1d": [("torch.sqrt(var + A_)", "(var + A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
