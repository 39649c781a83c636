"""Your model has no batch normalisation."""

HINT = (
    "A fresh BatchNorm1d in evaluation mode changes next to nothing, so its absence is easy to overlook. It belongs "
    "into every hidden layer, with as many features as that layer has."
)
EDITS = {
    "build_regularized_mlp": [("[*A_, nn.BatchNorm1d(B_), *C_]", "[*A_, *C_]")],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected; BatchNorm1d is missing."
