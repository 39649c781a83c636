"""Your batch has height and width in each other's place: the picture is mirrored at its diagonal."""

HINT = "(H, W, C) becomes (C, H, W): which of the old dimensions 0, 1, 2 is the new second one?"
EDITS = {"image_to_batch": [("X_.permute(2, 0, 1)", "X_.permute(2, 1, 0)")]}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your result has the shape {tuple(yours.shape)}; the batch has {tuple(expected.shape)}."
