"""You keep the layers in a plain Python list, where their parameters are not found."""

HINT = (
    "A module finds its children only if they are assigned to attributes. Layers in a list run, but an optimizer "
    "never gets their parameters."
)
EDITS = {
    "Perceptron": [
        ("self.layer1 = A_", "self.layers = [A_]"),
        ("self.layer2 = A_", "self.layers.append(A_)"),
        ("self.layer1(x)", "self.layers[0](x)"),
        ("self.layer2(hidden)", "self.layers[1](hidden)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{len(yours[0])}", f"{len(expected[0])}"
    if mine == due:
        return None
    return f"In the example your state has {mine} entries where {due} are due."
