"""In evaluation you normalise by the batch, not by the running statistics."""

HINT = "A prediction must not depend on the other samples of the batch. self.training says in which mode the module is."
QUESTION = "Does the answer for one sample change with the samples that stand beside it?"
WORKED = """
A value of 70 minus the mean of its batch:
  beside 60 and 80, with the mean 70:   0
  beside 20 and 30, with the mean 40:   30
In evaluation the mean is the remembered one, say 50, and 70 gives 20 in every company.
"""
EDITS = {
    "BatchNorm1d": [
        ("mean = self.running_mean", "mean = x.mean(0)"),
        ("var = self.running_var", "var = x.var(0, correction=0)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[3][2]:.4f}", f"{expected[3][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in evaluation is {mine} where {due} is expected."
