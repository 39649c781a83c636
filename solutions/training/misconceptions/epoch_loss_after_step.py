"""You measure each batch after its update."""

HINT = (
    "The loss is that of the predictions that the gradient came from. After the step the batch is better than it "
    "was, and a second forward pass costs time."
)
EDITS = {
    "train_epoch": [
        [
            ("BEFORE total += A_", "scores = model(x)\nloss = loss_fn(scores, y)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare loss and weights of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is due."
