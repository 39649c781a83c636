"""Your schedule is one epoch ahead: it counts epochs from 1."""

HINT = "Epoch 0 is the first. If a schedule moves on before the first epoch, its first rate is never used."
EDITS = {
    "lr_at": [
        ("FIRST", "epoch = epoch + 1"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
