"""Your `steps` counts the gaps between the points, so your grid has one point too many."""

HINT = "A fence of 5 metres with a post every metre has 6 posts. Which of the two numbers is `steps`?"
QUESTION = "How many points does your grid have for steps = 3?"
WORKED = """
A street of 20 metres has a lamp at its beginning, at its end, and every 10 metres: at 0, 10 and 20.
These are 3 lamps and 2 gaps. Somebody who is asked for 3 lamps and makes 3 gaps puts up 4 lamps.
"""
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
