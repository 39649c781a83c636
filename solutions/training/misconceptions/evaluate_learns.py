"""You compute gradients while you measure, and they stay in .grad."""

HINT = "To measure needs no backward pass. What it leaves in .grad becomes part of the next training step."
EDITS = {
    "evaluate": [
        ("torch.no_grad()", "torch.enable_grad()"),
        ("BEFORE total += A_", "loss_fn(scores, y).backward()"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the gradients after the call."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[3] is False:
        return "In the example `weight.grad is None` was True before your call and is False after it."
    return None
