"""You reshape where the dimensions have to be permuted, so rows, columns and channels get mixed."""

HINT = (
    "reshape deals the numbers out anew in the order of memory. permute says for each new dimension which old one it is: "
    "where are the channels before, and where afterwards?"
)
QUESTION = "Which channel does the second number of your first plane come from?"
WORKED = """
One row of two pixels, each (red, green, blue): (1, 2, 3) and (4, 5, 6). In memory it is 1 2 3 4 5 6.
  permuted:   red plane 1 4, green plane 2 5, blue plane 3 6
  reshaped:   first plane 1 2, second plane 3 4, third plane 5 6, and no plane has one colour
"""
EDITS = {
    "image_to_batch": [
        ("pixels.permute(2, 0, 1)", "pixels.reshape(pixels.shape[2], pixels.shape[0], pixels.shape[1])")
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first channel."""
    mine, due = (", ".join(f"{v:.3g}" for v in batch[0, 0].flatten().tolist()) for batch in (yours, expected))
    return f"In the example the first channel of your batch is {mine}; that of the picture is {due}."
