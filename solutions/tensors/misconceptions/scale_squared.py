"""You multiply the gradient by the factor twice."""

HINT = "A hook on the result and one on the input, or two hooks on one tensor, each multiply once."
EDITS = {
    "GradientScale": [("gradient * self.factor", "gradient * self.factor**2")],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example the gradient 1 comes back as {yours[1][0].item():.4g}; it should be {expected[1][0].item():.4g}."
