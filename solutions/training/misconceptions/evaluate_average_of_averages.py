"""You take the mean of the batches’ means, so a small batch counts as much as a large one."""

HINT = (
    "The last batch is often smaller. Weigh each mean by the number of its samples, and divide by the number of "
    "all samples."
)
QUESTION = "Does your result change if the same samples are cut into other batches?"
WORKED = """
The losses 2, 2, 2 and 6.
  batches (2, 2, 2) and (6):    the means 2 and 6, and their mean 4
  batches (2, 2) and (2, 6):    the means 2 and 4, and their mean 3
  all samples:                  12 / 4 = 3, whatever the batches are
"""
EDITS = {
    "evaluate": [
        [
            ("X_.item() * len(y)", "X_.item()"),
            ("X_.sum().item()", "X_.double().mean().item()"),
            ("count += len(y)", "count += 1"),
        ],
        [
            ("X_.item() * len(y)", "X_.item()"),
            ("return total / count, A_", "return total / len(batches), A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and modes of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
