"""You compute ReLU: softplus is smooth, and positive everywhere."""

HINT = "At zero softplus is log 2, not 0. It comes near to ReLU only far from zero."
QUESTION = "What does your function give at 0, and at −1?"
WORKED = """
log(1 + e^x) at x = −2 is log(1.135) = 0.127, and at 2 it is 2.127. ReLU gives 0 and 2.
Close to each other far out, and apart by log 2 = 0.693 at 0.
"""
EDITS = {
    "softplus": [
        [("A_ + torch.log1p(B_)", "A_")],
        [("return A_", "return torch.relu(x)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the value at zero."""
    mine, due = f"{float(yours[0]):.4g}", f"{float(expected[0]):.4g}"
    if mine == due:
        return None
    return f"In the example your value at 0 is {mine}; log 2 = {due} is expected."
