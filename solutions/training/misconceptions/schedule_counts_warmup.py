"""You count the steps of the decay from epoch 0, not from the end of the warm-up."""

HINT = "The base rate is to last for step_size epochs after the warm-up. How many epochs lie behind the warm-up?"
QUESTION = "How many epochs of decay lie behind the first epoch after the warm-up?"
WORKED = """
Warm-up 3, then halved every 2 epochs, base 8. Epoch 3 is the first after the warm-up.
  from the warm-up's end:   epochs 3, 4, 5, 6 have 8, 8, 4, 4
  from epoch 0:             epochs 3, 4, 5, 6 have 4, 2, 2, 1
"""
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
