"""You take the mean of the batches’ means, so a small batch counts as much as a large one."""

HINT = (
    "The last batch is often smaller. Weigh each mean by the number of its samples, and divide by the number of "
    "all samples."
)
QUESTION = "How much does one sample of a small last batch count, compared with one of a full batch?"
WORKED = """
Two batches: 6 samples with the mean 1, and 2 samples with the mean 5.
  mean of the means:    (1 + 5) / 2 = 3
  mean of all samples:  (6·1 + 2·5) / 8 = 2
"""
EDITS = {
    "train_epoch": [
        [
            ("loss.item() * len(y)", "loss.item()"),
            ("X_.sum().item()", "X_.double().mean().item()"),
            ("count += len(y)", "count += 1"),
        ],
        [
            ("loss.item() * len(y)", "loss.item()"),
            ("return total / count, A_", "return total / len(batches), A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
