"""You multiply by gamma after every epoch."""

HINT = "Multiply by gamma once after every step_size epochs."
QUESTION = "After how many epochs does your rate become smaller for the first time?"
WORKED = """
A rent of 800 that is halved every 3 years: 800, 800, 800, 400, 400, 400, 200.
Halved every year it is 12.5 in the seventh one.
"""
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
