"""You seed once, so only the first row belongs to its seed."""

HINT = (
    "torch.manual_seed(seed) stands before each model is made. Else a row depends on what was drawn for the rows "
    "above it."
)
EDITS = {
    "compare_starts": [
        ("torch.manual_seed(seed)", ""),
        ("FIRST", "torch.manual_seed(seeds[0])"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the losses of the example."""
    return f"In the example your second row begins with {float(yours[1, 0]):.4g}; {float(expected[1, 0]):.4g} is due."
