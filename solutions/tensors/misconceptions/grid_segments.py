"""Your `steps` counts the gaps between the points, so your grid has one point too many."""

HINT = "A fence of 5 metres with a post every metre has 6 posts. Which of the two numbers is `steps`?"
EDITS = {
    "even_grid": [
        [("X_ / (steps - 1)", "X_ / steps"), ("torch.arange(steps, *A_)", "torch.arange(steps + 1, *A_)")],
        [
            ("if steps == 1:\n    *A_", ""),
            ("X_ / (steps - 1)", "X_ / steps"),
            ("torch.arange(steps, *A_)", "torch.arange(steps + 1, *A_)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Count the points of the example."""
    return f"In the example {expected[0].numel()} points are asked for, and your grid has {yours[0].numel()}."
