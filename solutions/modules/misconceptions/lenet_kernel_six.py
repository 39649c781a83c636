"""The second convolution of your network has a 6 × 6 kernel."""

HINT = "6 is the number of channels that come in. The kernel is 5 × 5 in both convolutions."
EDITS = {
    "LeNet": [
        [
            ("nn.Conv2d(6, 16, 5)", "nn.Conv2d(6, 16, 6)"),
            (
                "for _ in range(2):\n    *A_",
                "side = output_size(output_size(side, 5), 2, stride=2)\nside = output_size(output_size(side, 6), 2, stride=2)",
            ),
        ],
        [
            ("nn.Conv2d(6, 16, 5)", "nn.Conv2d(6, 16, 6)"),
            ("for _ in range(2):\n    *A_", ""),
            ("16 * side * side", "16 * 4 * 4"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0]["features.3.weight"], expected[0]["features.3.weight"]
    if mine == due:
        return None
    return f"In the example the second kernel of your network has the shape {mine} where {due} is expected."
