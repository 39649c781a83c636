"""You leave frozen what was frozen before, even if it is to be kept."""

HINT = "Exactly what is in keep is trained afterwards, whatever was before: set requires_grad in both cases."
EDITS = {
    "freeze": [("parameter.requires_grad_(kept(name))", "if not kept(name):\n    parameter.requires_grad_(False)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[0] == expected[0]:
        return None
    return f"In the example you train {yours[0]} where {expected[0]} is expected."
