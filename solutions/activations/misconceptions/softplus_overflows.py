"""Your softplus is infinite for large x."""

HINT = (
    "e¹⁰⁰⁰ is inf in floating point. Take eˣ out of the logarithm, log(1 + eˣ) = x + log(1 + e⁻ˣ), where x is "
    "positive: then the exponential gets negative numbers only."
)
EDITS = {
    "softplus": [
        [("return A_", "return torch.log(1 + torch.exp(x))")],
        [("return A_", "return torch.log1p(torch.exp(x))")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at 1000, the last x of the example."""
    return f"In the example your softplus of 1000 is {float(yours[3])}; {float(expected[3]):g} is due."
