"""Your rate falls a little in every epoch, not in steps."""

HINT = "The exponent is rounded down: it stays the same for step_size epochs, then it is one larger."
QUESTION = "Does your rate change from one epoch to the next within a step?"
WORKED = """
16 times ½^(e/2): 16, 11.31, 8, 5.66, … falls in every epoch.
16 times ½^⌊e/2⌋: 16, 16, 8, 8, … falls in steps.
"""
EDITS = {
    "lr_at": [
        ("A_ // step_size", "A_ / step_size"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
