"""You add up gradients of means, and divide by the number of samples as well."""

HINT = "loss_fn has divided by |B| already. Multiply by |B| before you divide by N."
EDITS = {
    "accumulated_gradient": [
        ("gradient * A_", "gradient / count"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the gradient of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your gradient is {float(yours[0]):.4g}; 2/3 · 5 + 1/3 · 32 is {expected[0]:g}."
