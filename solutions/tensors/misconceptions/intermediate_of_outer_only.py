"""You take the gradient of g at the place x, not at the place f(x)."""

HINT = "g works on y = f(x). Where has its gradient to be taken?"
QUESTION = "At which number do you take the gradient of g: at x, or at what f makes of it?"
WORKED = """
y = x + 3 and z = y², at x = 1: y is 4.
  2·y at y = 4:   8
  2·x at x = 1:   2, the slope at a place where nobody is
"""
EDITS = {"intermediate_gradient": [("y = A_", "y = x.detach().requires_grad_()")]}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your gradient begins with {yours[0].item():.4g}; it should begin with {expected[0].item():.4g}."
