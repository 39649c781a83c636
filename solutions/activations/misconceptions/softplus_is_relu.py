"""You compute ReLU: softplus is smooth, and positive everywhere."""

HINT = "At zero softplus is log 2, not 0. It comes near to ReLU only far from zero."
EDITS = {
    "softplus": [
        [("A_ + torch.log1p(B_)", "A_")],
        [("return A_", "return torch.relu(x)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the value at zero."""
    return f"In the example your value at 0 is {float(yours[0]):g}; log 2 = {float(expected[0]):.4g} is due."
