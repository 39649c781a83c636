"""Your copy changes with the model: it is the model’s own memory."""

HINT = (
    "A state_dict holds the tensors themselves. A dict of the same tensors is a new dict, but no copy of the numbers."
)
QUESTION = "Whose memory do the tensors in your dict use?"
WORKED = """
a = [1, 2]; kept = {"a": a}; then a[0] = 9: kept is {"a": [9, 2]}. The dict is new, and the list in it is the same.
With {"a": list(a)} kept is still {"a": [1, 2]}.
"""
EDITS = {
    "snapshot": [
        [("value.detach().clone()", "value")],
        [("value.detach().clone()", "value.detach()")],
    ],
}


def evidence(exercise, yours, expected):
    """Look at the copy of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    return f"In the example the weights were 1 when the copy was made; after the model has changed your copy holds {yours[1]}, where {expected[1]} are due."
