"""You return a tensor, not a Python float."""

HINT = (
    "A tensor in a list of results keeps its device, and with a graph the memory of everything before it. item() "
    "gives the number."
)
EDITS = {
    "accuracy": [
        [
            ("right.double().mean().item()", "right.double().mean()"),
        ],
        [
            ("right.double().mean().item()", "right.float().mean()"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the accuracies of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if hasattr(yours[0], "item"):
        return f"In the example your accuracy is a tensor of {float(yours[0]):.4g}; the float {expected[0]:.4g} is expected."
    return None
