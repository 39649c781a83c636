"""You add up all powers from 1 to the degree."""

HINT = "The formula has one power: that of the degree. Lower ones have no part in it."
EDITS = {
    "polynomial_data": [
        ("x**degree", "sum(x**k for k in range(1, degree + 1))"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the targets without noise."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, without noise, your y is up to {float(yours[2]):g} away from 2·x₁³ − x₂³ + 0.5."
