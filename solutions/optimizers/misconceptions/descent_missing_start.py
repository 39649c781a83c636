"""Your path leaves out the start x0."""

from __future__ import annotations

HINT = "Row 0 is the start itself: the path has steps + 1 rows."
EDITS = {
    "gradient_descent": [
        ("path = [x]", "path = []"),
        ("torch.stack(path)", "torch.stack(path) if path else x0.new_zeros((0, *x0.shape))"),
    ],
}


def evidence(exercise, yours, expected):
    """Count the rows of the public example's path."""
    return f"In the example your path has {len(yours)} rows; {len(expected) - 1} steps make {len(expected)}."
