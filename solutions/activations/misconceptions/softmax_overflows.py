"""Your softmax overflows: e¹⁰⁰⁰ is infinite, and inf/inf is NaN."""

HINT = (
    "Adding the same number to all scores of a row changes nothing. With which number is the largest exponential "
    "of the row just 1?"
)
EDITS = {
    "softmax": [("x - A_", "x")],
}


def evidence(exercise, yours, expected):
    """Look at the row around 1000."""
    return f"In the example your row of scores around 1000 begins with {float(yours[0][1, 0])}; {float(expected[0][1, 0]):.4g} is due."
