"""You take one mean and one deviation over all columns."""

HINT = "Each column has a unit of its own. mean() goes over everything; over which dimension does mean(0) go?"
QUESTION = "How many means does your function work out for a table of three columns?"
WORKED = """
Ages 20 and 40, incomes 1000 and 3000. One mean over all four numbers is 1015.
  minus 1015:         ages −995 and −975, incomes −15 and 1985: the ages look alike
  each column's own:  ages −10 and 10, incomes −1000 and 1000
"""
EDITS = {"standardize": [("train.mean(0)", "train.mean()"), ("train.std(0, *A_)", "train.std(*A_)")]}


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
