"""You add the batches’ gradients up without weights."""

HINT = "The result is the gradient of a mean over all samples, and does not grow with the number of batches."
EDITS = {
    "accumulated_gradient": [
        ("gradient * A_", "gradient"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):.4g}; 2/3 · 5 + 1/3 · 32 is {expected[0]:g}."
