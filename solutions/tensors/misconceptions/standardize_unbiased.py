"""You divide by N − 1 in the deviation, where N is asked for."""

HINT = "std() of PyTorch divides by N − 1 unless you say correction=0."
QUESTION = "What does your formula divide the sum of the squared distances by?"
WORKED = """
The numbers 1, 3, 5: the mean is 3, the squared distances are 4, 0, 4, their sum is 8.
  divided by 3:       2.667, the deviation is 1.633
  divided by 3 − 1:   4, the deviation is 2
torch.std takes the second one unless you say correction=0.
"""
CONVENTION = True
USUAL_IN = "torch.std and statistics, for estimates from a sample"
EDITS = {"standardize": [("X_.std(0, correction=0)", "X_.std(0)")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
