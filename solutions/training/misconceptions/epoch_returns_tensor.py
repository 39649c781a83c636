"""You return the loss as a tensor, not as a Python float."""

HINT = "A sum of tensors with graphs keeps the memory of every batch. loss.item() is the number."
EDITS = {
    "train_epoch": [
        [
            ("loss.item() * len(y)", "loss.detach() * len(y)"),
        ],
        [
            ("loss.item() * len(y)", "loss * len(y)"),
        ],
        [
            ("return total / count, A_", "return torch.tensor(total / count), A_"),
        ],
        [
            ("loss.item() * len(y)", "loss.detach() * len(y)"),
            ("X_.sum().item()", "X_.sum()"),
        ],
        [
            ("loss.item() * len(y)", "loss * len(y)"),
            ("X_.sum().item()", "X_.sum()"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if hasattr(yours[0][0], "item"):
        return (
            f"In the example your loss is a tensor of {float(yours[0][0]):.5g}; the float {expected[0][0]:.5g} is expected."
        )
    return None
