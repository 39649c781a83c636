"""You do not divide by 255."""

HINT = "The numbers of a picture go from 0 to 255, those of the batch from 0 to 1."
EDITS = {"image_to_batch": [("X_ / 255", "X_")]}


def evidence(exercise, yours, expected):
    """Compare the largest numbers."""
    return f"In the example your largest number is {yours.max().item():.4g}; it should be {expected.max().item():.4g}."
