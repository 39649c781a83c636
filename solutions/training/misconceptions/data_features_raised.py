"""You return x raised to the power."""

HINT = "x is what was drawn; only y is made of its powers. A model would have nothing left to learn."
EDITS = {
    "polynomial_data": [
        ("return x, A_", "return x**degree, A_"),
    ],
}
