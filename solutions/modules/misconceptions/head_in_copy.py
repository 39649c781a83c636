"""You change a copy, and the model that was given stays as it was."""

HINT = "The model itself is to be changed, and to come back."
EDITS = {
    "replace_head": [("FIRST", "import copy\nmodel = copy.deepcopy(model)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    return None if yours[1] else "In the example another model comes back than the one that was given."
