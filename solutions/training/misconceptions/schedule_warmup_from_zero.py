"""Your warm-up begins with a rate of zero."""

HINT = (
    "Both are in use. Here epoch 0 already learns, with base/warmup, and the last epoch of the warm-up has the "
    "base rate."
)
CONVENTION = True
USUAL_IN = "schedules that count updates, not epochs"
EDITS = {
    "lr_at": [
        ("A_ * (epoch + 1) / warmup", "A_ * epoch / warmup"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
