"""In training you normalise by the running statistics, not by the batch."""

HINT = "While training, mean and variance come from the batch itself. The running statistics are only kept for later."
EDITS = {
    "BatchNorm1d": [
        [("m * mean", "m * x.mean(0)"), ("BEFORE normal = A_", "mean = self.running_mean\nvar = self.running_var")],
        [("BEFORE normal = A_", "mean = self.running_mean.clone()\nvar = self.running_var.clone()")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1][2]:.4f}", f"{expected[1][2]:.4f}"
    if mine == due:
        return None
    return f"In the example your last output in training is {mine} where {due} is expected."
