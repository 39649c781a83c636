"""You regularise the last layer too: activation, normalisation and dropout follow it."""

HINT = (
    "What comes out of the last layer is the answer. Normalised, cut off and randomly zeroed it could be no "
    "regression value and no score of a class; the last Linear stays bare."
)
EDITS = {
    "build_regularized_mlp": [
        ("range(len(sizes) - 2)", "range(len(sizes) - 1)"),
        ("nn.Sequential(*layers, A_)", "nn.Sequential(*layers)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected; the last one is {yours[-1][0]}."
