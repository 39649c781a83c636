"""Your decay begins one epoch early."""

HINT = (
    "The base rate lasts for step_size whole epochs after the warm-up. In the first epoch after the warm-up no epoch with "
    "the base rate has passed yet, so the exponent counts from 0."
)
QUESTION = "How many epochs have the base rate before your rate falls for the first time?"
WORKED = """
Without a warm-up, halved every 3 epochs, base 16:
  0 epochs have passed in epoch 0:   16, 16, 16, 8, 8, 8, 4
  one more is counted:               16, 16, 8, 8, 8, 4, 4, and the base rate lasts for 2 epochs only
"""
EDITS = {
    "lr_at": [
        [("(epoch - warmup) // step_size", "(epoch - warmup + 1) // step_size")],
        [("(epoch - warmup) // step_size", "(epoch - max(warmup - 1, 0)) // step_size")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
