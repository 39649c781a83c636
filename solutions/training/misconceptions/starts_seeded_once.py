"""You seed once, so only the first row belongs to its seed."""

HINT = (
    "torch.manual_seed(seed) stands before each model is made. Else a row depends on what was drawn for the rows "
    "above it."
)
QUESTION = "Does the row of a seed change if other seeds stand before it?"
WORKED = """
Dice with the seed 5 give 3, 6, 1, 2. Two games of two throws: the first one is 3, 6, and the second 1, 2.
Seeded with 5 before each game, both are 3, 6: a game does not depend on those before it.
"""
EDITS = {
    "compare_starts": [
        ("torch.manual_seed(seed)", ""),
        ("FIRST", "torch.manual_seed(seeds[0])"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your second row begins with {float(yours[1, 0]):.4g}; {float(expected[1, 0]):.4g} is expected."
