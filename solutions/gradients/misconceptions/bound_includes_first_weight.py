"""You include the first weight, the one whose gradient it is."""

HINT = (
    "The derivative of w₁·x with respect to w₁ is x: the weight itself is gone. In the product stand w₂ to wₙ."
)


def vanishing_bound(x, weights, upstream=1.0):
    bound = abs(upstream) * abs(x)
    for w in weights:
        bound *= abs(w)
    bound *= 0.25 ** (len(weights) - 1)
    return bound


def evidence(exercise, yours, expected):
    """Compare the first bound of the example, three weights of one half."""
    return f"In the example your bound is 1/{1 / yours[0]:.4g}; without w₁ = ½ it is 1/{1 / expected[0]:.4g}."
