"""Your BatchNorm1d stands before the ReLU."""

HINT = (
    "Both orders are in use. In this course the activation comes first: Linear, ReLU, BatchNorm1d, Dropout, so that "
    "the next layer gets inputs of mean zero."
)
CONVENTION = True
USUAL_IN = "the paper of Ioffe and Szegedy (2015) and in most networks for images"
EDITS = {
    "build_regularized_mlp": [
        ("[*A_, nn.ReLU(), nn.BatchNorm1d(B_), *C_]", "[*A_, nn.BatchNorm1d(B_), nn.ReLU(), *C_]")
    ],
}


def evidence(exercise, yours, expected):
    """Name the layer that follows the first Linear in the public example."""
    _, (mine, _), (after, _), *_ = yours
    return f"In the example layer 1 of your model is {mine}, and layer 2 {after}; here layer 1 is {expected[1][0]}."
