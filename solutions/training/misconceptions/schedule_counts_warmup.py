"""You count the steps of the decay from epoch 0, not from the end of the warm-up."""

HINT = "The base rate is to last for step_size epochs after the warm-up. How many epochs lie behind the warm-up?"
EDITS = {
    "lr_at": [
        ("(epoch - warmup) // step_size", "epoch // step_size"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
