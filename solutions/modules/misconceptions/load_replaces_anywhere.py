"""You take the prefix away wherever it stands in a name."""

HINT = "replace does not care where: submodule.0 becomes sub0. Only the beginning counts."
QUESTION = "What does your code make of a name that has the prefix in its middle?"
WORKED = """
"banana".replace("an", "") is "ba": every "an" goes.
"banana".removeprefix("an") is "banana": it does not begin with "an".
"""
EDITS = {
    "load_matching": [("key.removeprefix(prefix)", "key.replace(prefix, '')")],
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
