"""You compare the beginnings of names: l1 also takes l10."""

HINT = "A parameter belongs to the module l1 if its name begins with l1 and a dot."
QUESTION = "Which parameters does your test find for the name l1 in a model with l1 and l10?"
WORKED = """
"anna".startswith("ann") is True, and Anna is not Ann.
  "ann.age".startswith("ann" + ".")    True
  "anna.age".startswith("ann" + ".")   False
"""
EDITS = {
    "freeze": [("name == top or name.startswith(A_)", "name.startswith(top)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[0] == expected[0]:
        return None
    return f"In the example you train {yours[0]} where {expected[0]} is expected."
