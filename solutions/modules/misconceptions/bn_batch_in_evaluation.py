"""In evaluation you normalise by the batch, not by the running statistics."""

HINT = "A prediction must not depend on the other samples of the batch. self.training says in which mode the module is."
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
    mine, due = yours[3][2], expected[3][2]
    if mine == due:
        return None
    return f"In the example your last output in evaluation is {mine:.4f} where {due:.4f} is due."
