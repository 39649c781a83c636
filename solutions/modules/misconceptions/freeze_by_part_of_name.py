"""You look for a name anywhere in other names: l1 also takes head.l1."""

HINT = (
    "The name of a parameter begins with the names of the modules that it is in, from the outermost one on. A name "
    "in keep has to stand at the beginning, and a dot has to follow."
)
QUESTION = "Which parameters does your test find for the name l1, in a model with l1 and head.l1?"
WORKED = """
The folder "art" is to be copied, with all that is in it.
  "art/cat.png" and "old/art/dog.png" both have "art/" in them
  only "art/cat.png" begins with "art/"
"""
EDITS = {
    "freeze": [
        [("name == top or name.startswith(A_)", "top in name")],
        [("name == top or name.startswith(A_)", "f'{top}.' in f'{name}.'")],
        [("name == top or name.startswith(A_)", "top in name.split('.') or name.startswith(f'{top}.')")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[0] == expected[0]:
        return None
    return f"In the example you train {yours[0]} where {expected[0]} is expected."
