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
    """Compare the first column along dim=0, or the first row along dim=1 where the columns are right."""
    rows = [
        [[round(p, 4) for p in part.tolist()] for part in (side[1][:, 0], side[0][0])] for side in (yours, expected)
    ]
    for what, mine, due in zip(("along dim=0, your first column", "along dim=1, your first row"), *rows):
        if mine != due:
            return f"In the example, {what} is {mine}; {due} is expected."
    return None
