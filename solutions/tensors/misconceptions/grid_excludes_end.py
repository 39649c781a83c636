"""Your grid stops one distance before its end."""

HINT = "Both ends belong to the grid. How many gaps are there between n points?"
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
