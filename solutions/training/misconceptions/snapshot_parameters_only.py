"""Your copy has no buffers."""

HINT = (
    "The running statistics of batch normalisation are no parameters, and the model is not the same without them. "
    "state_dict() has both."
)
QUESTION = "Which entries of model.state_dict() are missing in your dict?"
WORKED = """
nn.BatchNorm1d(4) has two parameters, weight and bias, and its state_dict has five entries: running_mean, running_var
and num_batches_tracked too. Without these the loaded model answers otherwise in evaluation mode.
"""
EDITS = {
    "snapshot": [
        ("model.state_dict().items()", "model.named_parameters()"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the copy of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example your copy has {len(yours[0])} entries; the state_dict has {len(expected[0])}."
