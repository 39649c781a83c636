"""The second convolution of your model has a 6 × 6 kernel."""

HINT = (
    "6 is the number of channels that come in; the kernel is 5 × 5 in both convolutions. From 14 × 14 a 5 × 5 kernel "
    "leaves 10 × 10 and pooling 5 × 5, so that 16 · 5 · 5 = 400 numbers reach the first Linear."
)
QUESTION = "Which of the numbers of nn.Conv2d(a, b, c) is the kernel?"
WORKED = """
nn.Conv2d(3, 12, 7) on an image of 30 × 30: 3 channels come in, 12 go out, the kernel is 7 × 7.
It leaves 30 − 7 + 1 = 24, so 24 × 24; pooling by 2 leaves 12 × 12, and 12 · 12 · 12 = 1728 numbers for a Linear.
"""
EDITS = {
    "build_lenet": [("nn.Conv2d(6, 16, 5)", "nn.Conv2d(6, 16, 6)"), ("16 * 5 * 5", "16 * 4 * 4")],
}


def evidence(exercise, yours, expected):
    """Compare the second kernel of the public example."""
    mine, due = yours[3][1][0], expected[3][1][0]
    return f"In the example the second kernel of your model has the shape {tuple(mine)}, where {tuple(due)} is expected."
