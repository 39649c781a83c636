"""Your softplus has the right values, but at exactly zero its slope is not one half."""

HINT = (
    "At zero max(x, 0) has a corner, and so has |x|: autograd chooses a slope for each. clamp chooses 1, relu "
    "chooses 0, and of |x| it takes 0. Which way to write the maximum shares the gradient out evenly?"
)
QUESTION = "Which slope has your function at exactly 0? Ask autograd."
WORKED = """
|x| has a corner at 0. Autograd has to choose a slope there, and takes 0: the mean of −1 and 1.
x + |x| has the slope 0 on the left of 0 and 2 on the right; at 0 autograd says 1 + 0 = 1.
clamp(x, min=0) has 0 on the left and 1 on the right, and autograd takes 1, not the mean.
"""
EDITS = {
    "softplus": [
        [("torch.maximum(*A_)", "torch.clamp(x, min=0)")],
        [("torch.maximum(*A_)", "torch.relu(x)")],
    ],
}
