"""You multiply the values by the factor."""

HINT = "On the way forward nothing happens: only the gradient is multiplied."
QUESTION = "What does your layer give for x = 1 with the factor 0.5, and what should it give?"
WORKED = """
A volume knob for the way back only, with the factor 3, and x = 2:
  forward:    2, as if no knob were there
  back:       a gradient of 7 comes in, 21 goes on
If it multiplied forward as well, the next layer would get 6.
"""
EDITS = {
    "GradientScale": [("out = A_", "out = x * self.factor"), ("if out.requires_grad:\n    *A_", "")],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first value is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
