"""You divide sums over samples by the number of batches."""

HINT = "What has been added up for each sample is divided by the number of samples."
EDITS = {
    "train_epoch": [
        [
            ("count += len(y)", "count += 1"),
        ],
        [
            ("return total / count, A_", "return total / len(batches), A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
