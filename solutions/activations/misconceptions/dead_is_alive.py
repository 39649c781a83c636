"""You return True for units that are alive."""

HINT = "True means dead: at most zero for every sample."
EDITS = {
    "dead_units": [
        [("return A_", "return ~A_")],
        [("z <= 0", "z > 0")],
    ],
}


def evidence(exercise, yours, expected):
    """Show both answers."""
    mine, due = f"{yours.tolist()}", f"{expected.tolist()}"
    if mine == due:
        return None
    return f"In the example you answer {mine}; {due} is expected."
