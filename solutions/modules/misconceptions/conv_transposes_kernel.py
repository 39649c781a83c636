"""Your kernel lies on the image with its rows and columns exchanged."""

HINT = "The rows of the kernel go with the rows of the image. In which order do the two dimensions of a window come?"
EDITS = {
    "conv2d": [
        [("torch.einsum(A_, windows, weight)", "torch.einsum(A_, windows, weight.transpose(2, 3))")],
        [("padded.unfold(2, kh, stride).unfold(3, kw, stride)", "padded.unfold(3, kw, stride).unfold(2, kh, stride)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0], expected[0]
    if mine == due:
        return None
    return f"In the example your first result is {mine} where {due} is expected."
