"""You do not add the bias."""

HINT = "The formula ends with + b + ε. What is y where x is zero?"
EDITS = {
    "polynomial_data": [
        ("A_ + bias", "A_"),
    ],
}
