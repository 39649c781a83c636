"""You replace the first Linear, not the last one."""

HINT = "The head is where the model ends: the last Linear in the order of named_modules."
EDITS = {
    "replace_head": [
        ("linears[-1].rpartition('.')", "linears[0].rpartition('.')"),
        ("model.get_submodule(linears[-1])", "model.get_submodule(linears[0])"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = yours[0].get("2.0.weight"), expected[0]["2.0.weight"]
    if mine is None or mine == due:
        return None
    return f"In the example the head's weight is {mine} where {due} is due."
