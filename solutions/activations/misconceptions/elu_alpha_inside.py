"""Your alpha stands in the exponent; it belongs in front of the exponential."""

HINT = (
    "Far to the left eˣ vanishes, and ELU levels off at −alpha. With alpha in the exponent it levels off at −1 "
    "whatever alpha is."
)
QUESTION = "At which number does your function level off far to the left, for alpha = 3?"
WORKED = """
alpha = 2 at x = −10:
  2 · (e^−10 − 1) = −2.0 (nearly)
  e^(2·(−10)) − 1 = −1.0 (nearly): alpha has made the curve steeper, not deeper
"""
EDITS = {
    "ELU": [("self.alpha * torch.expm1(A_)", "torch.expm1(self.alpha * A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at minus one."""
    mine, due = f"{float(yours[0][0]):.4g}", f"{float(expected[0][0]):.4g}"
    if mine == due:
        return None
    return f"In the example your value at −1 is {mine}; 2 · 1.5 · (1/e − 1) = {due} is expected."
