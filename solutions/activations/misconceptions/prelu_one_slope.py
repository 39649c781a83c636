"""Your layer has one slope, whatever num_channels is."""

HINT = "Each channel learns a slope of its own, so the weight has as many entries as there are channels."
QUESTION = "How many numbers does your weight hold for num_channels = 3?"
WORKED = """
Three channels with the slopes 0.1, 0.2 and 0.5, and −10 in each: −1, −2 and −5.
With a single slope all three would give the same.
"""
EDITS = {
    "PReLU": [("torch.full((num_channels,), A_)", "torch.full((1,), A_)")],
}


def evidence(exercise, yours, expected):
    """Count the slopes of the example."""
    if len(yours[0][0][1]) != 1:
        return None
    return "In the example, with two channels, your layer has 1 slope."
