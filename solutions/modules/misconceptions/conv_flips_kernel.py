"""You flip the kernel before you lay it on the image: the convolution of mathematics."""

HINT = "Neural networks leave the flip out. The first number of the kernel lies on the first pixel of the window."
QUESTION = "Which number of your kernel lies on the first pixel of a window?"
WORKED = """
In one dimension, the window (1, 2, 3) and the kernel (5, 0, 1):
  as it is:   1·5 + 2·0 + 3·1 = 8
  flipped:    1·1 + 2·0 + 3·5 = 16
"""
CONVENTION = True
USUAL_IN = "mathematics and signal processing"
EDITS = {
    "conv2d": [("torch.einsum(A_, windows, weight)", "torch.einsum(A_, windows, weight.flip(2, 3))")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0], expected[0]
    if mine == due:
        return None
    return f"In the example your first result is {mine} where {due} is expected."
