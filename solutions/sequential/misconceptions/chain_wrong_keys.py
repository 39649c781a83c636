"""The keys of your Chain's state_dict have a prefix."""

HINT = (
    "An nn.ModuleList inside the chain is a module of its own, and its name comes first in every key: layers.0.weight. "
    "For 0.weight the modules have to be direct children, called 0, 1, 2, …"
)
EDITS = {
    "Chain": [
        ("AFTER super().__init__()", "self.layers = nn.ModuleList()"),
        ("self.add_module(str(len(self)), module)", "self.layers.append(module)"),
        ("len(self._modules)", "len(self.layers)"),
        ("list(self._modules.values())", "list(self.layers)"),
        ("iter(self._modules.values())", "iter(self.layers)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the first keys of the public example."""
    if len(yours[0]) != len(expected[0]):
        return None
    return f"In the example your first of {len(yours[0])} keys is {yours[0][0]} where {expected[0][0]} is expected."
