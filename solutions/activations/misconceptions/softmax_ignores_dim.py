"""Your softmax always runs over the same dimension, whatever dim says."""

HINT = "dim is a parameter: both the maximum and the sum have to run over it."
EDITS = {
    "softmax": [
        [("FIRST", "dim = -1")],
        [("FIRST", "dim = 1")],
        [("FIRST", "dim = 0")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the columns of the example."""
    return f"In the example, along dim=0, your first column is {[round(p, 4) for p in yours[1][:, 0].tolist()]}; {[round(p, 4) for p in expected[1][:, 0].tolist()]} is due."
