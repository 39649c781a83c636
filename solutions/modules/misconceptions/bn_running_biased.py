"""What you remember is the biased variance, which divides by N."""

HINT = "The batch is normalised by the biased variance, but PyTorch remembers the unbiased one, which divides by N − 1."
QUESTION = "By which number do you divide for the variance that you remember: by N, or by N − 1?"
WORKED = """
A batch 2, 4, 9 has the mean 5; the squared distances are 9, 1, 16, and their sum is 26.
  to normalise this batch:    26 / 3 = 8.667
  to remember for later:      26 / 2 = 13
"""
CONVENTION = True
USUAL_IN = "the code of many courses, where one variance serves for both"
EDITS = {
    "BatchNorm1d": [("x.var(0, correction=1)", "x.var(0, correction=0)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = (f"{side[2][0]:.4g} and {side[2][1]:.4g}" for side in (yours, expected))
    if mine == due:
        return None
    return f"In the example your running mean and variance are {mine}; due are {due}."
