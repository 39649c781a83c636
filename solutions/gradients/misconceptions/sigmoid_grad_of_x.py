"""You compute x·(1 − x), with the input in place of the sigmoid's value."""

HINT = (
    "σ′ = σ·(1 − σ) holds the value of the sigmoid, not its input. x·(1 − x) is right only where x already is "
    "what a sigmoid returned."
)
EDITS = {
    "sigmoid_grad": [("torch.sigmoid(x)", "x")],
}


def evidence(exercise, yours, expected):
    """Look at zero, where the sigmoid is steepest."""
    return f"In the example your slope at 0 is {float(yours[0]):.4g}; the sigmoid is steepest there: {float(expected[0]):.4g}."
