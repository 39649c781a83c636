"""You return f(x) itself, not a gradient."""

HINT = "What comes back has the shape of f(x), but says how g changes with it."
EDITS = {"intermediate_gradient": [("(gradient,) = A_", "gradient = y.detach()")]}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your gradient begins with {yours[0].item():.4g}; it should begin with {expected[0].item():.4g}."
