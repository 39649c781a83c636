"""Your running statistics change in evaluation too."""

HINT = "Evaluation uses what training has learned, and learns nothing. The update belongs under self.training."
EDITS = {
    "BatchNorm1d": [
        [
            (
                "BEFORE mean = self.running_mean",
                "with torch.no_grad():\n    part = self.momentum\n    self.running_mean.mul_(1 - part).add_(part * x.mean(0))\n    self.running_var.mul_(1 - part).add_(part * x.var(0))",
            )
        ],
        [
            (
                "BEFORE mean = self.running_mean",
                "with torch.no_grad():\n    part = self.momentum\n    self.running_mean.mul_(1 - part).add_(part * x.mean(0))\n    self.running_var.mul_(1 - part).add_(part * x.var(0, correction=0))",
            ),
            ("x.var(0, correction=1)", "x.var(0, correction=0)"),
        ],
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
