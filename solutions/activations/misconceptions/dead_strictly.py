"""You ask for less than zero; at exactly zero a ReLU is off as well."""

HINT = "ReLU of 0 is 0, and a unit that is 0 for every sample sends nothing on and gets no gradient from it."
EDITS = {
    "dead_units": [("z <= 0", "z < 0")],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."
