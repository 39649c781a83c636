"""You compute x·(1 − x), with the input in place of the sigmoid's value."""

HINT = (
    "σ′ = σ·(1 − σ) holds the value of the sigmoid, not its input. x·(1 − x) is right only where x already is "
    "what a sigmoid returned."
)
QUESTION = "What does your function give for x = 3? Can a slope of the sigmoid be negative?"
WORKED = """
The same with another function: for f(x) = eˣ the rule is f′ = f.
At x = 2 the slope is e² = 7.39, the value of f there. Writing the input for the value would give 2.
"""
EDITS = {
    "sigmoid_grad": [("torch.sigmoid(x)", "x")],
}


def evidence(exercise, yours, expected):
    """Look at zero, where the sigmoid is steepest."""
    return f"In the example your slope at 0 is {float(yours[0]):.4g}; the sigmoid is steepest there: {float(expected[0]):.4g}."
