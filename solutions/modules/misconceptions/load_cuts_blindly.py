"""You cut off as many letters as the prefix has, also from names that do not have it."""

HINT = "Look first whether the name begins with the prefix. str.removeprefix does both."
QUESTION = "What does your code make of a name that does not begin with the prefix?"
WORKED = """
The prefix "un" has two letters.
  "undo"[2:] is "do", as it should be
  "redo"[2:] is "do" as well, though it never had the prefix
"redo".removeprefix("un") is "redo".
"""
EDITS = {
    "load_matching": [[("key.removeprefix(prefix)", "key[len(prefix):]")]],
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
