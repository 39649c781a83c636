"""Your grid stops one distance before its end."""

HINT = "Both ends belong to the grid. How many gaps are there between n points?"
QUESTION = "How many gaps are there between your points, and which number do you divide by?"
WORKED = """
From 0 to 6 with 4 points there are 3 gaps.
  6 / 3 = 2:     0, 2, 4, 6
  6 / 4 = 1.5:   0, 1.5, 3, 4.5, and 6 is not reached
"""
EDITS = {
    "even_grid": [
        [("X_ / (steps - 1)", "X_ / steps")],
        [("if steps == 1:\n    *A_", ""), ("X_ / (steps - 1)", "X_ / steps")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the last points."""
    return (
        f"In the example your last point is {yours[0][-1].item():.4g}; the grid ends at {expected[0][-1].item():.4g}."
    )
