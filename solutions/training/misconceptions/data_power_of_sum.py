"""You raise the weighted sum to the power, not each feature."""

HINT = "In the formula the power stands at each xⱼ, inside the sum: first the powers, then the weights, then the sum."
EDITS = {
    "polynomial_data": [
        ("x**degree @ w", "(x @ w) ** degree"),
    ],
}
