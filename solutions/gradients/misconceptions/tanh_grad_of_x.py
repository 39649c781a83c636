"""You compute 1 − x², with the input in place of the value of tanh."""

HINT = (
    "tanh′ = 1 − tanh² holds the value of tanh, not its input. 1 − x² is right only where x already is what "
    "tanh returned."
)
QUESTION = "What does your function give for x = 3? Can a slope of tanh be negative?"
WORKED = """
The same with another function: for f(x) = eˣ the rule is f′ = f.
At x = 2 the slope is e² = 7.39, the value of f there. Writing the input for the value would give 2.
"""
EDITS = {
    "tanh_grad": [("torch.tanh(x)", "x")],
}


def evidence(exercise, yours, expected):
    """Look at minus two, where the slope would be negative."""
    return f"In the example your slope at −2 is {float(yours[2]):.4g}; tanh only ever rises, there by {float(expected[2]):.4g}."
