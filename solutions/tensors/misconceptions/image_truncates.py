"""You cut the fraction off where the nearest whole number is asked for."""

HINT = "A conversion to uint8 cuts off: 91.8 becomes 91. Round first."
QUESTION = "Which whole number is nearest to 0.9 times 255, and which one do you return?"
WORKED = """
7.8 and 7.2 as whole numbers:
  cut off:    7 and 7
  rounded:    8 and 7
Cut off, numbers are too small by ½ on average, and 0.999 never becomes the largest value.
"""
CONVENTION = True
USUAL_IN = "torchvision's to_pil_image"
EDITS = {"batch_to_image": [("np.rint(A_)", "A_")]}


def evidence(exercise, yours, expected):
    """Show what becomes of a number with a large fraction."""
    return f"In the example 0.36 · 255 = 91.8 becomes {int(yours[0, 1, 0])}; the nearest is {int(expected[0, 1, 0])}."
