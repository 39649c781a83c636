"""Your slopes run along the last dimension, not along the channels."""

HINT = (
    "Broadcasting lines dimensions up from the right. Channels are dimension 1, so behind the slopes there has to "
    "be a dimension of one for each further dimension of x."
)
QUESTION = "Which dimension of an image (N, C, H, W) does a weight of shape (C,) line up with?"
WORKED = """
Two channels with slopes 0.1 and 0.2, and pictures of 1 × 2 pixels: (N, 2, 1, 2).
  a weight of shape (2,):         lines up with the last 2: column 0 has 0.1, column 1 has 0.2
  a weight of shape (2, 1, 1):    lines up with the channels
"""
EDITS = {
    "PReLU": [("slope * x", "self.weight * x")],
}


def evidence(exercise, yours, expected):
    """Compare the second channel of the example."""
    mine, due = f"{yours[1][0][1][0]:.4g}", f"{expected[1][0][1][0]:.4g}"
    if mine == due:
        return None
    return f"In the example −1 in the second channel becomes {mine}; its slope is 0.2, so {due} is expected."
