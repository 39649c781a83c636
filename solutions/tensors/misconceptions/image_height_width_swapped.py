"""Your batch has height and width in each other's place: the picture is mirrored at its diagonal."""

HINT = "(H, W, C) becomes (C, H, W): which of the old dimensions 0, 1, 2 is the new second one?"
QUESTION = "In which place of your permutation does the old dimension 0, the rows, stand?"
WORKED = """
A table of 2 rows and 3 columns, one channel: rows (1, 2, 3) and (4, 5, 6); shape (2, 3, 1).
  permute(2, 0, 1):   (1, 2, 3) and (4, 5, 6), shape (1, 2, 3)
  permute(2, 1, 0):   (1, 4), (2, 5) and (3, 6), shape (1, 3, 2): rows have become columns
"""
EDITS = {"image_to_batch": [("X_.permute(2, 0, 1)", "X_.permute(2, 1, 0)")]}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your result has the shape {tuple(yours.shape)}; the batch has {tuple(expected.shape)}."
