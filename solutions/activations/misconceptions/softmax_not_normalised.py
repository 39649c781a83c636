"""Your values do not add up to one along dim."""

HINT = "Exponentials, and sigmoids too, are positive, but only after the division by their sum are they a distribution."
EDITS = {
    "softmax": [
        [("e / A_", "e")],
        [("return A_", "return 0.5 * (1 + torch.tanh(0.5 * x))")],
    ],
}


def evidence(exercise, yours, expected):
    """Add the first row up."""
    total = f"{float(yours[0][0].sum()):.4g}"
    if total == "1":
        return None
    return f"In the example your first row adds up to {total}."
