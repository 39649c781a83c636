"""You subtract from the rate in equal steps where it is to be multiplied."""

HINT = "gamma is a factor: after k steps the rate is base·gammaᵏ. It never becomes negative."
EDITS = {
    "lr_at": [
        ("base * gamma ** A_", "base - base * gamma * A_"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your rates are {[round(float(r), 3) for r in yours]}; due are {expected}."
