"""Your result is detached from the graph: no gradient flows back through it."""

HINT = (
    "detach(), .data, .item() and torch.no_grad() cut the graph. A container has to hand the tensors on as they are, or "
    "nothing inside it can be trained."
)
EDITS = {
    "Chain": [
        (
            "for module in self:\n    x = module(x)",
            "with torch.no_grad():\n    for module in self:\n        x = module(x)",
        )
    ],
}
