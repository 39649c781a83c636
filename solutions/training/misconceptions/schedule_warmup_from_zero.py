"""Your warm-up begins with a rate of zero."""

HINT = (
    "Both are in use. Here epoch 0 already learns, with base/warmup, and the last epoch of the warm-up has the "
    "base rate."
)
QUESTION = "Which rate do you give to epoch 0?"
WORKED = """
A base rate of 1.2 and 4 epochs of warm-up:
  (e + 1) / 4:   0.3, 0.6, 0.9, 1.2
  e / 4:         0, 0.3, 0.6, 0.9, and the first epoch learns nothing
"""
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
