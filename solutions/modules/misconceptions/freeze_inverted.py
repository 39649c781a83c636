"""You freeze what is to be trained, and train what is to be frozen."""

HINT = "keep names the modules that go on learning. All others stand still."
EDITS = {
    "freeze": [
        [("def kept(name):\n    return A_", "def kept(name):\n    return not A_")],
        [
            ("parameter.requires_grad_(kept(name))", "parameter.requires_grad_(not kept(name))"),
            ("if not kept(name):\n    *A_", "if kept(name):\n    *A_"),
        ],
        [("parameter.requires_grad_(kept(name))", "parameter.requires_grad_(not kept(name))")],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    if yours[0] == expected[0]:
        return None
    return f"In the example you train {yours[0]} where {expected[0]} is expected."
