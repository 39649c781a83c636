"""You multiply positive numbers by the slope too: the layer is linear, without any bend."""

HINT = (
    "Only negative numbers meet the slope. A layer that multiplies everything by one number can be merged into "
    "the layer below."
)
QUESTION = "What does your layer give for x = 2 with a slope of 0.25?"
WORKED = """
A slope of 0.5: at −4 the value is −2; at 4 it is 4, because positive numbers stay.
With 0.5 · 4 = 2 on the right the whole would be the line 0.5·x.
"""
EDITS = {
    "PReLU": [("torch.where(A_, B_, C_)", "C_")],
}


def evidence(exercise, yours, expected):
    """Compare the positive number of the example."""
    mine, due = f"{yours[1][0][0][1]:.4g}", f"{expected[1][0][0][1]:g}"
    if mine == due:
        return None
    return f"In the example 3 becomes {mine}; positive numbers stay: {due}."
