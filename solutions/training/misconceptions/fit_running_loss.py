"""Your training loss is the mean of the losses before each update, not a measurement after the epoch."""

HINT = (
    "While the losses of an epoch are collected the model changes, and batch normalisation is in training mode. "
    "Measure all of `train` once the epoch is over."
)
QUESTION = "Which weights belong to the losses that you average: those at the end of the epoch, or others?"
WORKED = """
Losses of an epoch, batch after batch, while the model learns: 9, 5, 1. Their mean is 5.
Measured again with the weights of the end, the same batches give, say, 2, 1 and 1: the mean is 1.33.
"""
EDITS = {
    "fit": [
        (
            "for x, y in train:\n    *A_",
            "running = []\nfor x, y in train:\n    *A_\n    running.append(loss.item() * len(y))",
        ),
        ("losses = A_", 'losses = running if name == "train" else A_'),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the learning curves of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your training losses are {[round(float(v), 4) for v in yours[0]['train']]}; due are {[round(v, 4) for v in expected[0]['train']]}."
