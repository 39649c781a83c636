"""You multiply positive numbers by the slope too: the layer is linear, without any bend."""

HINT = (
    "Only negative numbers meet the slope. A layer that multiplies everything by one number can be merged into "
    "the layer below."
)
EDITS = {
    "PReLU": [("torch.where(A_, B_, C_)", "C_")],
}


def evidence(exercise, yours, expected):
    """Compare the positive number of the example."""
    return f"In the example 3 becomes {yours[1][0][0][1]:.4g}; positive numbers stay: {expected[1][0][0][1]:g}."
