"""Your softmax overflows: e¹⁰⁰⁰ is infinite, and inf/inf is NaN."""

HINT = (
    "Adding the same number to all scores of a row changes nothing. With which number is the largest exponential "
    "of the row just 1?"
)
QUESTION = "What is e¹⁰⁰⁰ in floating point, and what is inf divided by inf?"
WORKED = """
Scores 800 and 801: e^800 is already infinite. Subtract the largest, 801, from both: −1 and 0.
  e^−1 / (e^−1 + 1) = 0.269 and 1 / (e^−1 + 1) = 0.731
The common factor e^801 cancels, so these are the same shares.
"""
EDITS = {
    "softmax": [("x - A_", "x")],
}


def evidence(exercise, yours, expected):
    """Look at the row around 1000."""
    mine, due = f"{float(yours[0][1, 0]):.4g}", f"{float(expected[0][1, 0]):.4g}"
    if mine == due:
        return None
    return f"In the example your row of scores around 1000 begins with {mine}; {due} is expected."
