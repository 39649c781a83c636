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
