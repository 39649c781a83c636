"""Your sigmoid falls: the sign in the exponent is the wrong one."""

HINT = (
    "For large x the sigmoid is nearly 1, so the exponential in its denominator has to vanish there. With which "
    "sign of x does it?"
)
QUESTION = "Which value does your function give for x = 2: more than one half, or less?"
WORKED = """
1 / (1 + e^−3) = 0.953 and 1 / (1 + e^3) = 0.047. The larger the score, the larger the probability has to be.
Which of the two is it at the score 3?
"""
EDITS = {
    "sigmoid": [
        [("torch.tanh(A_)", "torch.tanh(-A_)")],
        [("return A_", "return 1 / (1 + torch.exp(x))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the value at two."""
    mine, due = f"{float(yours[0][1]):.4g}", f"{float(expected[0][1]):.4g}"
    if float(yours[0][1]) >= 0.5:
        return None
    return f"In the example your sigmoid of 2 is {mine}, which is less than one half; {due} is expected."
