"""Your scale multiplies the negative side only."""

HINT = "scale stands in front of the whole brace: positive values are multiplied by it too."
QUESTION = "What does your layer give for x = 1 with scale = 2?"
WORKED = """
A brace has one factor in front: 3 · {x on the right, −1 on the left}.
At x = 5 it is 3 · 5 = 15, and on the left 3 · (−1) = −3: the factor counts for both lines.
"""
EDITS = {
    "ELU": [("self.scale * torch.where(A_, B_, C_)", "torch.where(A_, B_, self.scale * C_)")],
}


def evidence(exercise, yours, expected):
    """Compare the value at two."""
    mine, due = f"{float(yours[0][2]):g}", f"{float(expected[0][2]):g}"
    if mine == due:
        return None
    return f"In the example, with scale 2, your value at 2 is {mine}; {due} is expected."
