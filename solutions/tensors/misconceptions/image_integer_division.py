"""You divide whole numbers by 255 as whole numbers, so nearly everything becomes zero."""

HINT = "// throws the fraction away, and so does a conversion to an integer dtype. Make floating-point numbers first."
EDITS = {"image_to_batch": [("X_ / 255", "X_ // 255")]}


def evidence(exercise, yours, expected):
    """Compare the largest numbers."""
    return f"In the example your largest number is {yours.max().item():.4g}; it should be {expected.max().item():.4g}."
