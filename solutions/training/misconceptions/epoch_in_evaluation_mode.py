"""Your model is not in training mode while it learns."""

HINT = (
    "In evaluation mode dropout drops nothing, and batch normalisation uses old statistics and learns no new "
    "ones. Somebody may have left the model there before your call."
)
QUESTION = "What is model.training while your loop runs, if somebody called model.eval() before?"
WORKED = """
x = 3 and dropout with p = 0.5.
  training mode:     0 or 3 / 0.5 = 6, so that no unit can rely on another one
  evaluation mode:   3 each time, as if there were no dropout
A switch stays where somebody has put it: your function has to set it itself.
"""
EDITS = {
    "train_epoch": [
        [
            ("model.train()", "model.eval()"),
        ],
        [
            ("model.train()", ""),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the mode after the call."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[4] is False:
        return "In the example model.training was True before your call and is False after it."
    return None
