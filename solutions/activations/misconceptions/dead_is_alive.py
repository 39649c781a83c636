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
    return f"In the example you answer {yours.tolist()}; {expected.tolist()} is expected."
