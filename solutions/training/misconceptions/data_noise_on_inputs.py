"""You add the noise to x before the polynomial, not to y."""

HINT = (
    "The noise stands at the end of the formula: it is an error of the measured y. On x it would be raised and "
    "weighted as well."
)
EDITS = {
    "polynomial_data": [
        ("x**degree @ A_ + B_ + noise * e", "(x + noise * e) ** degree @ A_ + B_"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at shapes and deviations of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the noise of 0.25 gives your y a deviation of {float(yours[3]):g}, three times as much because of the weight 3; {expected[3]:g} is expected."
