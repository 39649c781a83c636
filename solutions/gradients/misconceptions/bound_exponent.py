"""You count one quarter for each of the n weights, but there are only n − 1 activations."""

HINT = "The last layer is linear: y = wₙ·hₙ₋₁. A network of n weights has n − 1 activations, and as many quarters."
QUESTION = "Draw a network of three weights. How many activations stand between its input and its output?"
WORKED = """
Five posts in a row have four gaps. With a quarter for each gap the factor is (1/4)⁴, not (1/4)⁵.
"""
EDITS = {
    "vanishing_bound": [("return float(A_)", "return float(A_ / 4)")],
}


def evidence(exercise, yours, expected):
    """Compare the first bound of the example, three weights of one half."""
    return f"In the example, with three weights, your bound is 1/{1 / yours[0]:.4g}; two quarters make 1/{1 / expected[0]:.4g}."
