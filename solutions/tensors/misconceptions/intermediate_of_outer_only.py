"""You take the gradient of g at the place x, not at the place f(x)."""

HINT = "g works on y = f(x). Where has its gradient to be taken?"
EDITS = {"intermediate_gradient": [("y = A_", "y = x.detach().requires_grad_()")]}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your gradient begins with {yours[0].item():.4g}; it should begin with {expected[0].item():.4g}."
