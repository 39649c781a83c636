"""You divide by zero in a column that is constant."""

HINT = "Zero divided by zero is no number. A column without deviation is centred only."
EDITS = {"standardize": [("deviation = torch.where(*A_)", "")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your constant column holds {yours[0][0, 1].item():.4g}, which is no number; 0 is due."
