"""Your layers have other names than layer1 and layer2."""

HINT = "The name of an attribute is the beginning of its parameters' names, and a checkpoint is loaded by these names."
EDITS = {
    "Perceptron": [
        [
            ("self.layer1 = A_", "self.hidden = A_"),
            ("self.layer2 = A_", "self.output = A_"),
            ("self.layer1(x)", "self.hidden(x)"),
            ("self.layer2(hidden)", "self.output(hidden)"),
        ],
        [
            ("self.layer1 = A_", "self.net = nn.Sequential(A_, nn.Sigmoid())"),
            ("self.layer2 = A_", "self.net.append(A_)"),
            ("hidden = A_", ""),
            ("return self.layer2(hidden)", "return self.net(x)"),
        ],
    ],
}


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    mine, due = f"{yours[0][0]}", f"{expected[0][0]}"
    if mine == due:
        return None
    return f"In the example your first parameter is called {mine}; {due} is expected."
