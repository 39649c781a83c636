"""You have no warm-up: the rate is the base rate at once."""

HINT = "Before epoch `warmup` the rate grows in equal steps. What does your function do with its last argument?"
EDITS = {
    "lr_at": [
        ("if epoch < warmup:\n    *A_", "epoch = max(epoch, warmup)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
