"""Your probabilities add up to one over the whole tensor, not along dim."""

HINT = (
    "Each row is a distribution of its own. The sum needs the dimension, and keepdim=True so that the division "
    "broadcasts."
)
EDITS = {
    "softmax": [
        [("e.sum(dim, keepdim=True)", "e.sum()"), ("x.amax(dim, keepdim=True)", "x.max()")],
        [("e.sum(dim, keepdim=True)", "e.sum()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first row of the example."""
    mine, due = f"{[round(p, 4) for p in yours[0][0].tolist()]}", f"{[round(p, 4) for p in expected[0][0].tolist()]}"
    if mine == due:
        return None
    return f"In the example your first row is {mine}; {due} is expected."
