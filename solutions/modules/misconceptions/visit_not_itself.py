"""You leave out the model itself."""

HINT = "apply visits the model too, at the very end. Its qualified name is the empty string."
EDITS = {
    "visit_order": [("return names", "return names[:-1]")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours}", f"{expected}"
    if mine == due:
        return None
    return f"In the example your order is {mine}; due is {due}."
