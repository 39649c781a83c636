"""You return the first derivative."""

HINT = "torch.autograd.grad differentiates once. What has to be differentiated again?"
EDITS = {
    "second_derivative": [
        [("if not A_:\n    *B_", ""), ("(second,) = A_", "second = first.detach()")],
        [("(second,) = A_", "second = first.detach()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first number for the fourth power is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
