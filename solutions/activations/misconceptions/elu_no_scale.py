"""You leave out the scale."""

HINT = "scale multiplies the result on both sides. Is it kept in __init__ and used in forward?"
EDITS = {
    "ELU": [("self.scale * A_", "A_")],
}


def evidence(exercise, yours, expected):
    """Compare the value at two."""
    return f"In the example, with scale 2, your value at 2 is {float(yours[0][2]):g}; {float(expected[0][2]):g} is due."
