"""You compute gradients while you measure, and they stay in .grad."""

HINT = "To measure needs no backward pass. What it leaves in .grad becomes part of the next training step."
EDITS = {
    "evaluate": [
        ("torch.no_grad()", "torch.enable_grad()"),
        ("BEFORE total += A_", "loss_fn(scores, y).backward()"),
    ],
}
