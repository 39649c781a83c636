"""You divide by zero where the grid has a single point."""

HINT = "One point has no gap beside it. What does the formula divide by, and what is asked for there?"
QUESTION = "Which number stands below the line of your formula when there is one point?"
WORKED = """
The distance of n posts along 12 metres is 12 / (n − 1).
  n = 4:   12 / 3 = 4 metres
  n = 2:   12 / 1 = 12 metres
  n = 1:   12 / 0 is not defined, and there is no second post that a distance could lead to
"""
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
