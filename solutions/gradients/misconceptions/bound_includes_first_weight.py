"""You include the first weight, the one whose gradient it is."""

HINT = "The derivative of w₁·x with respect to w₁ is x: the weight itself is gone. The product holds w₂ to wₙ."
EDITS = {
    "vanishing_bound": [("return float(A_)", "return float(A_ * abs(weights[0]))")],
}


def evidence(exercise, yours, expected):
    """Compare the first bound of the example, three weights of one half."""
    return f"In the example your bound is 1/{1 / yours[0]:.4g}; without w₁ = ½ it is 1/{1 / expected[0]:.4g}."
