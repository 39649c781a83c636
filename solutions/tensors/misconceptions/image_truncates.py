"""You cut the fraction off where the nearest whole number is asked for."""

HINT = "A conversion to uint8 cuts off: 91.8 becomes 91. Round first."
CONVENTION = True
USUAL_IN = "torchvision's to_pil_image"
EDITS = {"batch_to_image": [("np.rint(A_)", "A_")]}


def evidence(exercise, yours, expected):
    """Show what becomes of a number with a large fraction."""
    return f"In the example 0.36 · 255 = 91.8 becomes {int(yours[0, 1, 0])}; the nearest is {int(expected[0, 1, 0])}."
