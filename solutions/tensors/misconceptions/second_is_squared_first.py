"""You square the first derivative."""

HINT = "The square says how steep f is, never how it bends. Differentiate the derivative once more."
QUESTION = "What does your function give for f = x² at 3, and how much does the slope of x² change per step?"
WORKED = """
f = x³ at x = 2:
  f′ = 3·x² = 12
  (f′)² = 144
  f″ = 6·x = 12: how fast f′ changes
"""
EDITS = {
    "second_derivative": [
        [("if not A_:\n    *B_", ""), ("(second,) = A_", "second = first.detach() ** 2")],
        [("(second,) = A_", "second = first.detach() ** 2")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first number for the fourth power is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
