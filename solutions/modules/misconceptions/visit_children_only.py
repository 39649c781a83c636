"""You list the direct children and the model, but nothing that is deeper."""

HINT = "Each child may have children of its own, and so on: a function that calls itself goes all the way down."
EDITS = {
    "visit_order": [("return names", "return [name for name, _ in model.named_children()] + ['']")],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours}", f"{expected}"
    if mine == due:
        return None
    return f"In the example your order is {mine}; due is {due}."
