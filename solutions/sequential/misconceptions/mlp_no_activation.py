"""You put no activation between your Linear layers."""

HINT = (
    "Linear layers in a row are together one linear layer: their matrices multiply. What makes depth worth "
    "something is a nonlinearity between them."
)
EDITS = {
    "build_mlp": [("[A_, nn.ReLU()]", "[A_]")],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected; there is no ReLU among them."
