"""Your momentum is the weight of the old running statistics, not that of the new batch."""

HINT = "In PyTorch a momentum of 0.1 means: a tenth comes from the new batch."
CONVENTION = True
USUAL_IN = "Keras, cs231n and many papers"
EDITS = {
    "BatchNorm1d": [("m = self.momentum", "m = 1 - self.momentum")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[2], expected[2]
    if mine == due:
        return None
    return f"In the example your running mean and variance are {mine[0]:.4g} and {mine[1]:.4g}; due are {due[0]:.4g} and {due[1]:.4g}."
