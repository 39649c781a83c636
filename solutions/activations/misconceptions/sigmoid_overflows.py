"""Your sigmoid divides infinity by infinity for large x."""

HINT = (
    "e¹⁰⁰⁰ is inf in floating point, and inf/inf is NaN. Look for a form in which the exponential gets negative "
    "numbers only, or for another function that is the same curve."
)
EDITS = {
    "sigmoid": [("return A_", "return torch.exp(x) / (1 + torch.exp(x))")],
}


def evidence(exercise, yours, expected):
    """Look at 1000, the last x of the example."""
    return f"In the example your sigmoid of 1000 is {float(yours[0][3])}; {float(expected[0][3]):g} is due."
