"""You return the gradient with respect to x, not with respect to f(x)."""

HINT = "Between f(x) and x the chain rule multiplies by the derivative of f. Stop before that."
EDITS = {"intermediate_gradient": [("y = A_", "y = x.detach().requires_grad_()"), ("g(y)", "g(f(y))")]}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your gradient begins with {yours[0].item():.4g}; it should begin with {expected[0].item():.4g}."
