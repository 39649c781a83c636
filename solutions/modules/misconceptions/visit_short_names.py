"""Your names are the last parts only, not the whole way down."""

HINT = "Pass the name of the parent on when you go down, and join the two with a dot."
EDITS = {
    "visit_order": [
        [("return names", "return [name.rpartition('.')[2] for name in names]")],
        [("visit(child, A_)", "visit(child, child_name)")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours}", f"{expected}"
    if mine == due:
        return None
    return f"In the example your order is {mine}; due is {due}."
