"""You square the first derivative."""

HINT = "The square says how steep f is, never how it bends. Differentiate the derivative once more."
EDITS = {
    "second_derivative": [
        [("if not A_:\n    *B_", ""), ("(second,) = A_", "second = first.detach() ** 2")],
        [("(second,) = A_", "second = first.detach() ** 2")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first number of the example."""
    return f"In the example your first number for the fourth power is {yours[0][0].item():.4g}; it should be {expected[0][0].item():.4g}."
