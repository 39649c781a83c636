"""Your softplus has the right values, but at exactly zero its slope is not one half."""

HINT = (
    "At zero max(x, 0) has a corner, and so has |x|: autograd chooses a slope for each. clamp chooses 1, relu "
    "chooses 0, and of |x| it takes 0. Which way to write the maximum shares the gradient out evenly?"
)
EDITS = {
    "softplus": [
        [("torch.maximum(*A_)", "torch.clamp(x, min=0)")],
        [("torch.maximum(*A_)", "torch.relu(x)")],
    ],
}
