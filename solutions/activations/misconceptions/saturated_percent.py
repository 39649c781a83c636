"""You return per cent; a share between 0 and 1 is asked for."""

HINT = "One half is 0.5, not 50."
EDITS = {
    "saturated_fraction": [("return A_", "return 100 * A_")],
}


def evidence(exercise, yours, expected):
    """Compare the share of softplus."""
    mine, due = f"{yours['softplus']:g}", f"{expected['softplus']:g}"
    if mine == due:
        return None
    return f"In the example your share for softplus is {mine}; {due} is expected."
