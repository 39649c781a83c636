"""You add up all powers from 1 to the degree."""

HINT = "The formula has one power: that of the degree. Lower ones have no part in it."
EDITS = {
    "polynomial_data": [
        ("x**degree", "sum(x**k for k in range(1, degree + 1))"),
    ],
}
