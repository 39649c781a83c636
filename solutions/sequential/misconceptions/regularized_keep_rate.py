"""You take `dropout` for the share that is kept: your layer drops 1 − dropout."""

HINT = (
    "The argument of nn.Dropout is the probability that an element is set to zero. Some older texts and TensorFlow 1 "
    "gave the probability that it stays."
)
QUESTION = "With dropout=0.1: how many of 1000 elements should be zero in training mode?"
WORKED = """
A rate of 0.2 that drops: of 50 elements about 10 are zero, and the other 40 are multiplied by 1/0.8 = 1.25.
A rate of 0.2 that keeps: about 40 are zero, and the other 10 are multiplied by 1/0.2 = 5.
"""
EDITS = {
    "build_regularized_mlp": [("FIRST", "dropout = 1 - dropout")],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the public example."""
    mine, due = dict(yours)["Dropout"], dict(expected)["Dropout"]
    return f"In the example your Dropout has p = {mine:g} where {due:g} was asked for."
