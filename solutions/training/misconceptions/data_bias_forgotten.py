"""You do not add the bias."""

HINT = "The formula ends with + b + ε. What is y where x is zero?"
QUESTION = "What is your y where all features are zero, for bias = 3?"
WORKED = """
Weights 2 and 5, a bias of 7, the features (1, 1), no noise: 2 + 5 + 7 = 14. Without the bias it is 7.
"""
EDITS = {
    "polynomial_data": [
        ("A_ + bias", "A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the targets without noise."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, without noise, your y is {float(yours[2]):g} away from 2·x₁³ − x₂³ + 0.5 everywhere: that is the bias."
