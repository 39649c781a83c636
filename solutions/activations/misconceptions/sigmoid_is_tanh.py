"""You compute tanh, which runs from −1 to 1; the sigmoid runs from 0 to 1."""

HINT = (
    "Both curves have the same form: the sigmoid is a tanh that is shifted, halved, and stretched along x. At "
    "zero it is one half."
)
QUESTION = "What does your function give at 0 and at −5?"
WORKED = """
tanh(1) = 0.762 lies between −1 and 1. Shifted by one and halved, (0.762 + 1) / 2 = 0.881 lies between 0 and 1.
That is the sigmoid at 2: both curves have one form, with another scale of x.
"""
EDITS = {
    "sigmoid": [
        [("return A_", "return torch.tanh(x)")],
        [("return A_", "return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))")],
        [("0.5 * (1 + A_)", "A_")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the value at zero."""
    mine, due = f"{float(yours[0][0]):g}", f"{float(expected[0][0]):g}"
    if mine == due:
        return None
    return f"In the example your value at 0 is {mine}; the sigmoid is {due} there."
