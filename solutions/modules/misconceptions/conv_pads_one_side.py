"""You pad the image at the right and at the bottom only."""

HINT = "Zeros stand on all four sides: the image grows by 2·padding in each direction."
QUESTION = "On how many sides of your image do zeros stand?"
WORKED = """
A row (4, 5), padding 1:
  on both sides:       (0, 4, 5, 0); the kernel (1, 10) gives 40, 54, 5
  on the right only:   (4, 5, 0); the kernel (1, 10) gives 54, 5
"""
EDITS = {
    "conv2d": [
        [("nn.functional.pad(A_, X_)", "nn.functional.pad(A_, (0, padding, 0, padding))")],
        [("nn.functional.pad(A_, X_)", "nn.functional.pad(A_, (padding, 0, padding, 0))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is expected."
