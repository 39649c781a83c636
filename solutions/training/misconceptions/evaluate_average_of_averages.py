"""You take the mean of the batches’ means, so a small batch counts as much as a large one."""

HINT = (
    "The last batch is often smaller. Weigh each mean by the number of its samples, and divide by the number of "
    "all samples."
)
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
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is due."
