"""You stretch the numbers between their own minimum and maximum, which changes the brightness."""

HINT = "0 has to become 0 and 1 has to become 255, whatever else is in the picture. What lies outside is clamped."
QUESTION = "What comes out for a picture that is the same grey everywhere, except for a small difference?"
WORKED = """
Numbers 0.4, 0.5 and 0.6, times 255 and rounded:
  as they are:                    102, 128 (or 127), 153, three shades of grey
  stretched from 0 to 1 before:   0, 128 (or 127), 255, black and white
"""
EDITS = {
    "batch_to_image": [
        ("AFTER pixels = A_", "pixels = (pixels - pixels.min()) / (pixels.max() - pixels.min())"),
    ],
}


def evidence(exercise, yours, expected):
    """Show what becomes of a number between 0 and 1."""
    return f"In the example 0.36 becomes {int(yours[0, 1, 0])}; it should become {int(expected[0, 1, 0])}."
