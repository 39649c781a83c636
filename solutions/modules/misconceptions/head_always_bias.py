"""Your new head has a bias although the old one had none."""

HINT = "old.bias is None if there is none. nn.Linear has a bias unless you say bias=False."
QUESTION = "How many parameters does your new head have, if the old one had one?"
WORKED = """
nn.Linear(4, 3, bias=False) has 12 numbers. nn.Linear(4, 3) has 12 + 3 = 15.
The question to ask of the old layer: is old.bias None?
"""
EDITS = {
    "replace_head": [("nn.Linear(old.in_features, num_classes, bias=A_)", "nn.Linear(old.in_features, num_classes)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{len(yours[0])}", f"{len(expected[0])}"
    if mine == due:
        return None
    return f"In the example your model has {mine} parameters where {due} are due."
