"""Your sigmoid divides infinity by infinity for large x."""

HINT = (
    "e¹⁰⁰⁰ is inf in floating point, and inf/inf is NaN. Look for a form in which the exponential gets negative "
    "numbers only, or for another function that is the same curve."
)
QUESTION = "What is e¹⁰⁰⁰ in floating point, and what is that divided by itself?"
WORKED = """
The share of the first of two weights e^a and e^b, for a = 1000 and b = 998:
  as it stands:                 inf / (inf + inf) is NaN
  both divided by e^1000:       1 / (1 + e^−2) = 0.881
The same number, written so that no exponential gets a large positive number.
"""
EDITS = {
    "sigmoid": [("return A_", "return torch.exp(x) / (1 + torch.exp(x))")],
}


def evidence(exercise, yours, expected):
    """Look at 1000, the last x of the example."""
    mine, due = f"{float(yours[0][3]):g}", f"{float(expected[0][3]):g}"
    if mine == due:
        return None
    return f"In the example your sigmoid of 1000 is {mine}; {due} is expected."
