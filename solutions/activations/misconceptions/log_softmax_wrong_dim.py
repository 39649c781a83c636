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
    """Compare the first row along dim=1, or the column along dim=0 where the rows are right."""
    rows = [
        [[round(p, 4) for p in part.tolist()] for part in (side[0][0], side[1][:, 0])] for side in (yours, expected)
    ]
    for what, mine, due in zip(("first row is", "column, along dim=0, is"), *rows):
        if mine != due:
            return f"In the example your {what} {mine}; {due} is expected."
    return None
