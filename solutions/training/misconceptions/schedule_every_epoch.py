"""You multiply by gamma after every epoch."""

HINT = "gamma is due after every step_size epochs."
EDITS = {
    "lr_at": [
        ("A_ // step_size", "A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
