"""You use the first channel of the images only."""

HINT = "A kernel has a layer for each channel; the products of all channels are added up."
EDITS = {
    "conv2d": [("torch.einsum(A_, windows, X_)", "torch.einsum(A_, windows[:, :1], X_[:, :1])")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[1], expected[1]
    if mine == due:
        return None
    return f"In the example with two channels and a bias your result is {mine} where {due} is expected."
