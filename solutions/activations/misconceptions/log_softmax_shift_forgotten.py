"""You subtract the largest score inside the sum, and forget it outside."""

HINT = (
    "What is taken away from x in the sum has to be taken away from the x in front as well: only then does it cancel."
)
ALSO_COSTS = ["cross_entropy"]
EDITS = {
    "log_softmax": [("return shifted - A_", "return x - A_")],
}


def evidence(exercise, yours, expected):
    """Compare the first row of the example."""
    mine, due = f"{[round(p, 4) for p in yours[0][0].tolist()]}", f"{[round(p, 4) for p in expected[0][0].tolist()]}"
    if mine == due:
        return None
    return f"In the example your first row is {mine}; {due} is expected."
