"""You divide by zero where the grid has a single point."""

HINT = "One point has no gap beside it. What does the formula divide by, and what is asked for there?"
EDITS = {
    "even_grid": [
        [
            ("if steps == 1:\n    *A_", ""),
            ("distance = X_ / (steps - 1)", "distance = torch.tensor(X_, dtype=torch.float64) / (steps - 1)"),
        ],
        [("if steps == 1:\n    *A_", "")],
    ],
}


def evidence(exercise, yours, expected):
    """Show the only point."""
    return f"In the example the only point is {expected[1].item():.4g}, and yours is {yours[1].item():.4g}."
