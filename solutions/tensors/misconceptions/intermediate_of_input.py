"""You return the gradient with respect to x, not with respect to f(x)."""

HINT = "Between f(x) and x the chain rule multiplies by the derivative of f. Stop before that."
QUESTION = "Which letter stands below the line of the derivative that you return, x or y?"
WORKED = """
y = 5·x and z = y², at x = 2: y is 10.
  ∂z/∂y = 2·y = 20
  ∂z/∂x = 2·y · 5 = 100: the derivative of y by x, 5, is in it too
"""
EDITS = {"intermediate_gradient": [("y = A_", "y = x.detach().requires_grad_()"), ("g(y)", "g(f(y))")]}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your gradient begins with {yours[0].item():.4g}; it should begin with {expected[0].item():.4g}."
