"""You list only modules without children."""

HINT = "apply visits containers too, each after what is in it."
EDITS = {
    "visit_order": [
        [("return names", "return [name for name, module in model.named_modules() if not list(module.children())]")],
        [("names.append(name)", "if not list(module.children()):\n    names.append(name)")],
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
