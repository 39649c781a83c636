"""Your two backward() calls add up in `.grad`, so you return the sum of the first and the second derivative."""

HINT = "backward() adds to .grad. Clear it in between, or use torch.autograd.grad, which returns the derivative alone."
QUESTION = "What does .grad hold after the first backward(), and what does the second one do with it?"
WORKED = """
f = x³ at x = 1: f′ = 3 and f″ = 6.
  .grad after the first backward():    3
  .grad after the second one:          3 + 6 = 9, because backward() adds
"""
EDITS = {
    "second_derivative": [
        [("(second,) = A_", "(second,) = A_\nsecond = first.detach() + second")],
        [("if not A_:\n    *B_", ""), ("(second,) = A_", "(second,) = A_\nsecond = first.detach() + second")],
        [("torch.zeros_like(x)", "first"), ("(second,) = A_", "(second,) = A_\nsecond = first.detach() + second")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first number for the fourth power is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
