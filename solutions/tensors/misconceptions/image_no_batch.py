"""Your result has no dimension for the samples."""

HINT = "A batch of one picture has the shape (1, C, H, W). Which method adds a dimension of length one?"
EDITS = {"image_to_batch": [("X_.unsqueeze(0)", "X_")]}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your result has the shape {tuple(yours.shape)}; the batch has {tuple(expected.shape)}."
