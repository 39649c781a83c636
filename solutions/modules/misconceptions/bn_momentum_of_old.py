"""Your momentum is the weight of the old running statistics, not that of the new batch."""

HINT = "In PyTorch a momentum of 0.1 means: a tenth comes from the new batch."
QUESTION = "How much of the old running mean is left after one batch with momentum 0.1?"
WORKED = """
The running mean is 10, a batch has the mean 20, momentum is 0.2.
  the weight of the new batch:   0.8 · 10 + 0.2 · 20 = 12
  the weight of the old mean:    0.2 · 10 + 0.8 · 20 = 18
"""
CONVENTION = True
USUAL_IN = "Keras, cs231n and many papers"
EDITS = {
    "BatchNorm1d": [("m = self.momentum", "m = 1 - self.momentum")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = (f"{side[2][0]:.4g} and {side[2][1]:.4g}" for side in (yours, expected))
    if mine == due:
        return None
    return f"In the example your running mean and variance are {mine}; due are {due}."
