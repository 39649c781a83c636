"""You normalise the batch by the unbiased variance, which divides by N − 1."""

HINT = (
    "torch.var divides by N − 1 unless you say correction=0. The batch is normalised by the variance that divides by N."
)
QUESTION = "What is the variance of your output, with weight 1 and bias 0: exactly one, or a little less?"
WORKED = """
A batch of 0 and 6 has the mean 3 and the squared distances 9 and 9.
  divided by N = 2:       the variance is 9, the output −3/3 = −1 and 1
  divided by N − 1 = 1:   the variance is 18, the output −0.71 and 0.71
"""
EDITS = {
    "BatchNorm1d": [("var = x.var(0, correction=0)", "var = x.var(0, correction=1)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
