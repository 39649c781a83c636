"""You do not compare shapes."""

HINT = (
    "copy_ stretches a single number over a whole tensor without a word, and raises otherwise. Only what has the "
    "same shape fits."
)
EDITS = {
    "load_matching": [("name in own and A_", "name in own")],
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
