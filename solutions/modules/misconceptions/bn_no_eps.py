"""You leave eps out."""

HINT = "A feature that is constant in a batch has the variance zero. eps keeps the division finite."
EDITS = {
    "BatchNorm1d": [("torch.sqrt(var + A_)", "torch.sqrt(var)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
