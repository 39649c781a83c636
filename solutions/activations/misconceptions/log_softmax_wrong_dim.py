"""Your sum runs over another dimension than dim."""

HINT = (
    "dim is a parameter: both the maximum and the sum run over it, with keepdim=True so that the subtraction "
    "broadcasts as it should."
)
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "log_softmax": [
        [("FIRST", "dim = 0 if dim else 1")],
        [("FIRST", "dim = -1")],
        [("FIRST", "dim = 1")],
        [("FIRST", "dim = 0")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first row of the example."""
    return f"In the example your first row is {[round(p, 4) for p in yours[0][0].tolist()]}; {[round(p, 4) for p in expected[0][0].tolist()]} is expected."
