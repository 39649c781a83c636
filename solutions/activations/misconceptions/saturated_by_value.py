"""You look at the value F(x), whether it is near an end; what counts is the slope F′(x)."""

HINT = (
    "A unit is saturated where its gradient does not get through, and what a gradient is multiplied by is F′. A "
    "ReLU at 0.02 has a value next to zero, and the slope 1."
)
QUESTION = "What is the slope of a ReLU at 0.001?"
WORKED = """
tanh at 0.05: its value is 0.050, close to the middle, and its slope 1 − 0.0025 = 0.9975.
tanh at 4: its value is 0.9993, and its slope 0.0013. A gradient is multiplied by the slope.
"""
EDITS = {
    "saturated_fraction": [
        [
            (
                "(1 - torch.tanh(x / 2) ** 2) / 4",
                "torch.minimum(0.5 + 0.5 * torch.tanh(x / 2), 1 - (0.5 + 0.5 * torch.tanh(x / 2)))",
            ),
            ("1 - torch.tanh(x) ** 2", "1 - torch.tanh(x).abs()"),
            ("slope = (x > 0).to(x.dtype)", "slope = torch.relu(x)"),
            ("torch.where(x > 0, 1.0, 0.01)", "torch.where(x > 0, x, 0.01 * x)"),
            ("(1 + torch.tanh(x / 2)) / 2", "torch.log1p(torch.exp(-x.abs())) + torch.relu(x)"),
        ],
        [
            ("(1 - torch.tanh(x / 2) ** 2) / 4", "0.5 + 0.5 * torch.tanh(x / 2)"),
            ("1 - torch.tanh(x) ** 2", "torch.tanh(x)"),
            ("slope = (x > 0).to(x.dtype)", "slope = torch.relu(x)"),
            ("torch.where(x > 0, 1.0, 0.01)", "torch.where(x > 0, x, 0.01 * x)"),
            ("(1 + torch.tanh(x / 2)) / 2", "torch.log1p(torch.exp(-x.abs())) + torch.relu(x)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the share of ReLU."""
    mine, due = f"{yours['relu']:g}", f"{expected['relu']:g}"
    if mine == due:
        return None
    return f"In the example your share for relu is {mine}; {due} is expected."
