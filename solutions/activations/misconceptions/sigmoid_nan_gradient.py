"""Your sigmoid has the right values, but its gradient is NaN far out."""

HINT = (
    "On the way back autograd multiplies by every factor that stands in your formula, also by infinite ones: 0·∞ "
    "is NaN. torch.where hands a gradient to the branch that it does not take as well. Nothing on the way may "
    "become infinite."
)
QUESTION = "Which number in your formula becomes infinite for x = −1000, and what does autograd multiply it by?"
WORKED = """
y = 1 / (1 + t) with t = e^1000 = inf: y is 0, which is right.
  on the way back:   ∂y/∂t = −1 / (1 + t)² = 0, and ∂t/∂x = inf
  their product:     0 · inf is NaN, though the value was fine
"""
EDITS = {
    "sigmoid": [
        [("return A_", "return 1 / (1 + torch.exp(-x))")],
        [("return A_", "return torch.where(x >= 0, 1 / (1 + torch.exp(-x)), torch.exp(x) / (1 + torch.exp(x)))")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the slopes far out, where the values are right."""
    for place, i in (("−1000", 2), ("1000", 3)):
        if not yours[1][i].isfinite():
            return f"In the example your value at {place} is right, and the slope there is {float(yours[1][i])}; {float(expected[1][i]):g} is expected."
    return None
