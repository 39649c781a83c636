"""You keep the modules in a plain Python list, where your Chain's parameters cannot be found."""

HINT = (
    "nn.Module finds children only where they were assigned as attributes, added with add_module, or put into an "
    "nn.ModuleList. In a plain list they run, but parameters(), state_dict(), to() and train() do not see them, and an "
    "optimizer would train nothing."
)
QUESTION = "What does list(chain.parameters()) give?"
WORKED = """
class Team with self.players = [a, b]: asked for its players, nn.Module looks at its attributes one by one.
It sees one attribute, a list, and does not look into it. nn.ModuleList is a list that it does look into.
"""
EDITS = {
    "Chain": [
        ("AFTER super().__init__()", "self.layers = []"),
        ("self.add_module(str(len(self)), module)", "self.layers.append(module)"),
        ("len(self._modules)", "len(self.layers)"),
        ("list(self._modules.values())", "list(self.layers)"),
        ("iter(self._modules.values())", "iter(self.layers)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the keys of the public example."""
    keys, _, _, _ = yours
    if not isinstance(keys, list):
        return None
    mine, due = len(keys), len(expected[0])
    return f"In the example the state_dict of your chain has {mine} entries where {due} are expected."
