"""You measure each batch after its update."""

HINT = (
    "The loss is that of the predictions that the gradient came from. After the step the batch is better than it "
    "was, and a second forward pass costs time."
)
QUESTION = "With which weights are the predictions made that you measure: before, or after the step?"
WORKED = """
w = 4, the loss is w², the gradient 8, the rate 0.25: the step leads to w = 2.
  before the step:   16, the loss that the gradient 8 came from
  after it:          4
"""
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
    return f"In the example your loss is {float(yours[0][0]):.5g}; {expected[0][0]:.5g} is expected."
