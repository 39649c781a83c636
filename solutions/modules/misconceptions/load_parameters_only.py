"""You leave out the buffers."""

HINT = (
    "Running statistics belong to the state, and without them the parameters beside them are worth little. "
    "state_dict has both."
)
EDITS = {
    "load_matching": [
        [("own = model.state_dict()", "own = dict(model.named_parameters())")],
        [
            ("own = model.state_dict()", "own = dict(model.named_parameters())"),
            (
                "return A_, missing, ignored",
                "return A_, [name for name in model.state_dict() if name not in loaded], ignored",
            ),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0], expected[0]
    which = [name for name, a, b in zip(("loaded", "missing", "ignored"), mine, due) if a != b]
    if not which:
        return None
    i = ("loaded", "missing", "ignored").index(which[0])
    return f"In the example your list {which[0]} is {mine[i]}; due is {due[i]}."
