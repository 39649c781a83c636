"""Your softplus loses its digits for very negative x: 1 + eˣ is rounded to 1."""

HINT = (
    "Next to 1 floating point has steps of 2·10⁻¹⁶, and e⁻⁴⁰ is far smaller. One function computes the logarithm "
    "of 1 + t without ever adding the 1."
)
QUESTION = "What is 1 + 10⁻²⁰ in floating point, and what is the logarithm of that?"
WORKED = """
1 + 10⁻¹⁷ is rounded to 1, and log 1 is 0. The right value is 10⁻¹⁷, nearly to the last digit.
  math.log(1 + 1e-17)    0.0
  math.log1p(1e-17)      1e-17
"""
EDITS = {
    "softplus": [("torch.log1p(A_)", "torch.log(1 + A_)")],
}


def evidence(exercise, yours, expected):
    """Look at −40."""
    mine, due = f"{float(yours[2]):.10g}", f"{float(expected[2]):.10g}"
    if mine == due:
        return None
    return f"In the example your softplus of −40 is {mine}; {due} is expected."
