"""You take the logarithm to base two; the natural one is asked for."""

HINT = "For large x softplus is nearly x itself. With a logarithm to base two it is x divided by log 2."
EDITS = {
    "softplus": [
        [("return A_", "return (A_) / 0.6931471805599453")],
        [("return A_", "return torch.log2(1 + torch.exp(x))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the value at zero."""
    mine, due = f"{float(yours[0]):.4g}", f"{float(expected[0]):.4g}"
    if mine == due:
        return None
    return f"In the example your value at 0 is {mine}; log 2 = {due} is expected."
