"""You multiply the values by the factor."""

HINT = "On the way forward nothing happens: only the gradient is multiplied."
EDITS = {
    "GradientScale": [("out = A_", "out = x * self.factor"), ("if out.requires_grad:\n    *A_", "")],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first value is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
