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
