"""Your momentum is the weight of the old statistics, and you remember the biased variance."""

HINT = (
    "In PyTorch momentum is the weight of the new batch, and the running variance takes in the unbiased variance, "
    "which divides by N − 1."
)
CONVENTION = True
USUAL_IN = "Dive into Deep Learning"
EDITS = {
    "BatchNorm1d": [
        ("m = self.momentum", "m = 1 - self.momentum"),
        ("x.var(0, correction=1)", "x.var(0, correction=0)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = (f"{side[2][0]:.4g} and {side[2][1]:.4g}" for side in (yours, expected))
    if mine == due:
        return None
    return f"In the example your running mean and variance are {mine}; due are {due}."
