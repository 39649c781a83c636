"""Your ELU has the right values, but its gradient is NaN for large x."""

HINT = (
    "torch.where hands a gradient to both branches. In the one that is not taken e⁸⁰⁰ is infinite, and zero times "
    "infinity is NaN. Take care that the exponential gets no large number, also where its value is not used."
)
EDITS = {
    "ELU": [
        [("torch.clamp(x, max=0)", "x")],
        [("torch.expm1(torch.clamp(x, max=0))", "torch.exp(x) - 1")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the slope at 800."""
    return f"In the example your slope at x = 800 is {float(yours[1][3])}; {float(expected[1][3]):g} is due."
