"""You accept a p that is no probability."""

HINT = "Raise a ValueError in __init__ if p is below 0 or above 1, so that the mistake shows where it was made."
EDITS = {
    "Dropout": [("if not 0 <= p <= 1:\n    *A_", "")],
}
