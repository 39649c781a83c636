"""You put x into the slope where the value of the activation belongs: x·(1 − x), or 1 − x²."""

HINT = "In σ′ = σ·(1 − σ) and tanh′ = 1 − tanh² stand the values of the activation. x is what goes into it."
QUESTION = "Does x stand for what goes into the activation, or for what comes out?"
WORKED = """
The slope of the sigmoid at x = 2: σ(2) = 0.881, and 0.881 · (1 − 0.881) = 0.105.
With x itself: 2 · (1 − 2) = −2, and no slope of a sigmoid is negative.
"""
EDITS = {
    "saturated_fraction": [("(1 - torch.tanh(x / 2) ** 2) / 4", "x * (1 - x)"), ("1 - torch.tanh(x) ** 2", "1 - x**2")],
}


def evidence(exercise, yours, expected):
    """Compare the share of the first activation that is off."""
    for name in ("sigmoid", "tanh"):
        if yours[name] != expected[name]:
            return f"In the example your share for {name} is {yours[name]:g}; {expected[name]:g} is expected."
    return None
