"""Your softmax always runs over the same dimension, whatever dim says."""

HINT = "dim is a parameter: both the maximum and the sum have to run over it."
QUESTION = "Along which dimension do your numbers add up to 1, for dim = 0?"
WORKED = """
Weights ((1, 3), (1, 1)) as shares:
  of each row, dim 1:      (0.25, 0.75) and (0.5, 0.5)
  of each column, dim 0:   (0.5, 0.75) and (0.5, 0.25), read row by row
"""
EDITS = {
    "softmax": [
        [("FIRST", "dim = -1")],
        [("FIRST", "dim = 1")],
        [("FIRST", "dim = 0")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the columns of the example."""
    return f"In the example, along dim=0, your first column is {[round(p, 4) for p in yours[1][:, 0].tolist()]}; {[round(p, 4) for p in expected[1][:, 0].tolist()]} is expected."
