"""You take the mean of the batches’ gradients, so a small batch counts as much as a large one."""

HINT = "Each batch’s gradient is a mean over its own samples. In the mean over all it has the weight |B|/N."
QUESTION = "How much does a sample in a batch of 1 count in your mean, compared with one in a batch of 3?"
WORKED = """
Gradients 3, 3, 3 in one batch and 11 in another.
  mean of the means:   (3 + 11) / 2 = 7
  weighted:            3/4 · 3 + 1/4 · 11 = 5, the mean of all four
"""
EDITS = {
    "accumulated_gradient": [
        ("gradient * A_", "gradient / len(batches)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):.4g}; 2/3 · 5 + 1/3 · 32 is {expected[0]:g}."
