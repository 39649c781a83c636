"""You pad with the numbers at the edge of the image, not with zeros."""

HINT = "Pixels outside the image count as zero."
EDITS = {
    "conv2d": [("nn.functional.pad(A_, X_)", "nn.functional.pad(A_, X_, mode='replicate')")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example with stride 2 and padding 1 your result is {mine} where {due} is expected."
