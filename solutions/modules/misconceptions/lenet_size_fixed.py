"""Your classifier is made for pictures of 32 × 32, whatever image_size is."""

HINT = (
    "16·5·5 is right for 32 pixels only. Two times convolution and pooling: output_size tells what is left of "
    "image_size."
)
QUESTION = "For which image_size is your number of inputs right?"
WORKED = """
A network with one 3 × 3 convolution and one pooling of 2, for 8 channels:
  20 pixels:   18, then 9, so 8·9·9 = 648 inputs
  12 pixels:   10, then 5, so 8·5·5 = 200 inputs
"""
EDITS = {
    "LeNet": [("16 * side * side", "16 * 5 * 5")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0]["classifier.0.weight"], expected[0]["classifier.0.weight"]
    if mine == due:
        return None
    return f"In the example your first Linear has a weight of shape {mine} where {due} is expected."
