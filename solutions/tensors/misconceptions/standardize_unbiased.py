"""You divide by N − 1 in the deviation, where N is asked for."""

HINT = "std() of PyTorch divides by N − 1 unless you say correction=0."
CONVENTION = True
USUAL_IN = "torch.std and statistics, for estimates from a sample"
EDITS = {"standardize": [("X_.std(0, correction=0)", "X_.std(0)")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
