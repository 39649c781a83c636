"""Your layer has a bias even if none is asked for."""

HINT = "With bias=False the attribute is None, the state has the weight alone, and forward adds nothing."
EDITS = {
    "Linear": [("nn.Parameter(A_) if bias else None", "nn.Parameter(A_)")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[1]}", f"{expected[1]}"
    if mine == due:
        return None
    return f"In the example the state of Linear(2, 3, bias=False) has the entries {mine}; due is {due}."
