"""You count batches twice, once as their mean and once as their sum."""

HINT = (
    "The lecture's loop adds to its sums in the branch of the optimizer and once more after it. One line for both "
    "branches is enough."
)
EDITS = {
    "train_epoch": [
        [
            ("total += A_", "total += loss.item()"),
            (
                "AFTER updater.step()",
                (
                    "total += loss.item() * len(y)\n"
                    "right += (scores.argmax(1) == y.reshape(-1)).sum().item()\n"
                    "count += len(y)"
                ),
            ),
        ],
        [
            (
                "count += len(y)",
                (
                    "total += loss.item()\n"
                    "right += (scores.argmax(1) == y.reshape(-1)).sum().item()\n"
                    "count += 2 * len(y)"
                ),
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
