"""Your layer has one slope, whatever num_channels is."""

HINT = "Each channel learns a slope of its own, so the weight has as many entries as there are channels."
EDITS = {
    "PReLU": [("torch.full((num_channels,), A_)", "torch.full((1,), A_)")],
}


def evidence(exercise, yours, expected):
    """Count the slopes of the example."""
    return f"In the example, with two channels, your layer has {len(yours[0][0][1])} slope."
