"""Your Dropout stands before the BatchNorm1d."""

HINT = (
    "What Dropout sets to zero must not enter the mean and the variance of the batch: in evaluation mode nothing is "
    "dropped, and the statistics learned in training would no longer fit. Drop last."
)
EDITS = {
    "build_regularized_mlp": [
        ("[*A_, nn.BatchNorm1d(B_), nn.Dropout(C_)]", "[*A_, nn.Dropout(C_), nn.BatchNorm1d(B_)]")
    ],
}


def evidence(exercise, yours, expected):
    """Name the order of the public example."""
    mine, due = [n for n, _ in yours].index("Dropout"), [n for n, _ in expected].index("Dropout")
    return f"In the example Dropout is layer {mine} of your model; it belongs at {due}, after BatchNorm1d."
