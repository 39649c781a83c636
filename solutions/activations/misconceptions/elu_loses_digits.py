"""Your ELU loses its digits next to zero, where eˣ − 1 is the difference of nearly equal numbers."""

HINT = (
    "eˣ for a tiny x is rounded to 16 digits next to 1; after the subtraction only a few of them are left. One "
    "function computes eˣ − 1 without that."
)
EDITS = {
    "ELU": [("torch.expm1(A_)", "torch.exp(A_) - 1")],
}


def evidence(exercise, yours, expected):
    """Compare the value next to zero."""
    mine, due = f"{float(yours[0][1]):.10g}", f"{float(expected[0][1]):.10g}"
    if mine == due:
        return None
    return f"In the example your value at −1e-12 is {mine}; {due} is expected."
