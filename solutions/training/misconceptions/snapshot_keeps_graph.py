"""Your copies hang on a graph."""

HINT = (
    "clone() is recorded like any other operation, so the copy keeps the way back to the parameter. detach() cuts it."
)
EDITS = {
    "snapshot": [
        ("model.state_dict()", "model.state_dict(keep_vars=True)"),
        ("value.detach().clone()", "value.clone()"),
    ],
}


def evidence(exercise, yours, expected):
    """Look at the copy of the example."""
    if not isinstance(yours, list) or len(yours) != len(expected):
        return None
    if yours[2] is True:
        return "In the example requires_grad of your copied weight is True; False is expected."
    return None
