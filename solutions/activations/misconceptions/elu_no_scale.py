"""You leave out the scale."""

HINT = "scale multiplies the result on both sides. Is it kept in __init__ and used in forward?"
QUESTION = "What does your layer give for x = 1 with scale = 2?"
WORKED = """
scale = 1.5 and alpha = 1: at x = 4 the value is 1.5 · 4 = 6, and far to the left −1.5.
A number that __init__ keeps and forward never reads changes nothing.
"""
EDITS = {
    "ELU": [("self.scale * A_", "A_")],
}


def evidence(exercise, yours, expected):
    """Compare the value at two."""
    mine, due = f"{float(yours[0][2]):g}", f"{float(expected[0][2]):g}"
    if mine == due:
        return None
    return f"In the example, with scale 2, your value at 2 is {mine}; {due} is expected."
