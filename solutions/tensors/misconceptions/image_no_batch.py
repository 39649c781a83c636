"""Your result has no dimension for the samples."""

HINT = "A batch of one picture has the shape (1, C, H, W). Which method adds a dimension of length one?"
QUESTION = "How many dimensions does your result have, and what would its first one count?"
WORKED = """
A list of 3 words with 5 letters each has the shape (3, 5). A list of one such word has the shape (1, 5).
The word alone has the shape (5,): nothing says any more how many words there are.
"""
EDITS = {"image_to_batch": [("X_.unsqueeze(0)", "X_")]}


def evidence(exercise, yours, expected):
    """Compare the shapes."""
    return f"In the example your result has the shape {tuple(yours.shape)}; the batch has {tuple(expected.shape)}."
