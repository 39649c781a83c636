"""You take `dropout` for the share that is kept: your layer drops 1 − dropout."""

HINT = (
    "The argument of nn.Dropout is the probability that an element is set to zero. Some older texts and TensorFlow 1 "
    "gave the probability that it stays."
)
EDITS = {
    "build_regularized_mlp": [("FIRST", "dropout = 1 - dropout")],
}


def evidence(exercise, yours, expected):
    """Compare the rates of the public example."""
    mine, due = dict(yours)["Dropout"], dict(expected)["Dropout"]
    return f"In the example your Dropout has p = {mine:g} where {due:g} was asked for."
