"""You do not compare shapes."""

HINT = (
    "copy_ stretches what broadcasts, such as a single number, over the whole tensor without a word, and raises for "
    "all else. Only what has the same shape fits."
)
QUESTION = "What does your code do with an entry whose name fits and whose shape does not?"
WORKED = """
A model has weight (2, 3), a checkpoint has weight (5, 3) under the same name.
  copy_ raises an error: 15 numbers do not go into 6 places
  compare shapes first: the entry is not used, and its key is in the list of what was ignored
"""
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
