"""Your scale multiplies the positive side only."""

HINT = "scale stands in front of the whole brace: negative values are multiplied by it too."
QUESTION = "At which number does your function level off far to the left, with scale = 2 and alpha = 1?"
WORKED = """
A brace has one factor in front: 3 · {x on the right, −1 on the left}.
At x = 5 it is 3 · 5 = 15, and on the left 3 · (−1) = −3, not −1.
"""
EDITS = {"ELU": [("self.scale * torch.where(A_, B_, C_)", "torch.where(A_, self.scale * B_, C_)")]}


def evidence(exercise, yours, expected):
    """Compare the value at minus one."""
    mine, due = f"{float(yours[0][0]):.4g}", f"{float(expected[0][0]):.4g}"
    if mine == due:
        return None
    return f"In the example, with scale 2, your value at −1 is {mine}; {due} is expected."
