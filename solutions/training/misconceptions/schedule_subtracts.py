"""You subtract from the rate in equal steps where it is to be multiplied."""

HINT = "gamma is a factor: after k steps the rate is base·gammaᵏ. It never becomes negative."
QUESTION = "Can your rate become negative after many epochs?"
WORKED = """
A factor of 0.1 from 50: 50, 5, 0.5, 0.05. Always a tenth, and never below zero.
Less 45 each time: 50, 5, −40.
"""
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
