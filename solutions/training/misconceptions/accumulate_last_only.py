"""You return the gradient of the last batch only."""

HINT = "Every batch overwrites what was there. Add it up instead."
QUESTION = "Which batches have a part in your result?"
WORKED = """
Three parts of a race took 10, 12 and 9 minutes. "t = part" in a loop ends with 9; "t = t + part" ends with 31.
"""
EDITS = {
    "accumulated_gradient": [
        [
            ("total[name] += gradient * A_", "total[name] = gradient"),
        ],
        [
            ("total[name] += A_", "total[name] = A_"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):.4g}; 2/3 · 5 + 1/3 · 32 is {expected[0]:g}."
