"""Your lists missing and ignored are exchanged."""

HINT = (
    "missing are names of the model that got no value; ignored are keys of the checkpoint that were not used. The "
    "order is loaded, missing, ignored."
)
EDITS = {
    "load_matching": [("return A_, missing, ignored", "return A_, ignored, missing")],
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
