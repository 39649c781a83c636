"""Your model lacks its last Linear layer."""

HINT = (
    "A list of n sizes has n − 1 gaps, and each gap is one Linear layer. Watch where the loop ends: the layer to "
    "the last size is easily left out together with its activation."
)
QUESTION = "How many Linear layers does a list of three sizes make?"
WORKED = """
Sizes 6, 4, 4, 1: the pairs of neighbours are (6, 4), (4, 4), (4, 1). Four sizes make three layers.
The last pair has no activation behind it, but it has its layer.
"""
EDITS = {
    "build_mlp": [("nn.Sequential(*layers, A_)", "nn.Sequential(*layers)")],
}


def evidence(exercise, yours, expected):
    """Compare the number of layers of the public example."""
    if not yours:
        return None
    mine, due = len([name for name, _ in yours]), len(expected)
    return f"In the example your model has {mine} layers where {due} are expected."
