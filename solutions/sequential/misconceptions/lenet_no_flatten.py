"""Your model lacks the Flatten between the last pooling and the first Linear."""

HINT = (
    "A Linear layer works on the last dimension only. After the second pooling that is the width of the image, 5; the "
    "400 numbers of each image have to be put in a row first."
)
QUESTION = "Which shape comes out of the last pooling, and on which dimension does a Linear work?"
WORKED = """
A batch of 2 images with 3 channels of 4 × 4 has the shape (2, 3, 4, 4). A Linear would take the last 4 as its
features.
In a row each image has 3 · 4 · 4 = 48 numbers: shape (2, 48).
"""
EDITS = {
    "build_lenet": [("nn.Sequential(*A_, nn.Flatten(), *B_)", "nn.Sequential(*A_, *B_)")],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected; there is no Flatten among them."
