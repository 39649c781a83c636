"""For softplus you take the slope of the sigmoid; the slope of softplus is the sigmoid itself."""

HINT = (
    "To the right softplus is nearly x, so its slope is nearly 1 there and nothing is saturated. σ(1 − σ) is "
    "small on both sides."
)
EDITS = {
    "saturated_fraction": [("(1 + torch.tanh(x / 2)) / 2", "(1 - torch.tanh(x / 2) ** 2) / 4")],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    mine, due = f"{yours['softplus']:g}", f"{expected['softplus']:g}"
    if mine == due:
        return None
    return f"In the example your share for softplus is {mine}; {due} is expected."
