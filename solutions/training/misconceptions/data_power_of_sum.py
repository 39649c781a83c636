"""You raise the weighted sum to the power, not each feature."""

HINT = "In the formula the power stands at each xⱼ, inside the sum: first the powers, then the weights, then the sum."
QUESTION = "At which letter does the power stand in the formula?"
WORKED = """
Weights 1 and 1, degree 2, the features (3, 4):
  each feature first:   9 + 16 = 25
  the sum first:        (3 + 4)² = 49
"""
EDITS = {
    "polynomial_data": [
        ("x**degree @ w", "(x @ w) ** degree"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the targets without noise."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, without noise, your y is up to {float(yours[2]):g} away from 2·x₁³ − x₂³ + 0.5."
