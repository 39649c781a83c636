"""You divide by zero in a column that is constant."""

HINT = "Zero divided by zero is no number. A column without deviation is centred only."
QUESTION = "What do you divide by in a column that has the same number everywhere?"
WORKED = """
A column 7, 7, 7 has the mean 7; the distances are 0, 0, 0, and the deviation is 0.
  0 / 0 is not a number (NaN), and every result that it enters becomes NaN as well
  centred only:   0, 0, 0
"""
EDITS = {"standardize": [("deviation = torch.where(*A_)", "")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your constant column holds {yours[0][0, 1].item():.4g}, which is no number; 0 is expected."
