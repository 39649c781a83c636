"""Your softplus is infinite for large x."""

HINT = (
    "e¹⁰⁰⁰ is inf in floating point. Take eˣ out of the logarithm, log(1 + eˣ) = x + log(1 + e⁻ˣ), where x is "
    "positive: then the exponential gets negative numbers only."
)
QUESTION = "What does your formula compute first for x = 1000?"
WORKED = """
log(e^800 + e^810), both exponentials are infinite, and so is the logarithm of their sum.
Take the larger one out: 810 + log(1 + e^−10) = 810.0000454. Now only a negative number has an exponential.
"""
EDITS = {
    "softplus": [
        [("return A_", "return torch.log(1 + torch.exp(x))")],
        [("return A_", "return torch.log1p(torch.exp(x))")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at 1000, the last x of the example."""
    mine, due = f"{float(yours[3]):g}", f"{float(expected[3]):g}"
    if mine == due:
        return None
    return f"In the example your softplus of 1000 is {mine}; {due} is expected."
