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
