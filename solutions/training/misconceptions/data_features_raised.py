"""You return x raised to the power."""

HINT = "x is what was drawn; only y is made of its powers. A model would have nothing left to learn."
EDITS = {
    "polynomial_data": [
        ("return x, A_", "return x**degree, A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the targets without noise."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example, without noise, your y is up to {float(yours[2]):g} away from 2·x₁³ − x₂³ + 0.5, computed from the x that you return."
