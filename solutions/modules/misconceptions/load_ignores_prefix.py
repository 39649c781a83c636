"""You do not take the prefix away."""

HINT = "A model inside DataParallel saves its entries with 'module.' in front. Your model's names do not have it."
EDITS = {
    "load_matching": [("key.removeprefix(prefix)", "key")],
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
