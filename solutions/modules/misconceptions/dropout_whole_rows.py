"""You drop whole rows or columns together, not each element for itself."""

HINT = "Which shape does your mask have? It needs a number of its own for every element of x."
EDITS = {
    "Dropout": [
        [("torch.rand_like(x)", "torch.rand_like(x[..., :1])")],
        [("torch.rand_like(x)", "torch.rand_like(x[:1])")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine = yours["rows or columns as a whole"]
    return "In the example rows or columns are dropped as a whole." if mine else None
