"""You keep the modules in a plain Python list, where your Chain's parameters cannot be found."""

from torch import nn

HINT = (
    "nn.Module finds children only where they were assigned as attributes, added with add_module, or put into an "
    "nn.ModuleList. In a plain list they run, but parameters(), state_dict(), to() and train() do not see them, and an "
    "optimizer would train nothing."
)


class Chain(nn.Module):
    """A chain of modules."""

    def __init__(self, *modules):
        super().__init__()
        self.layers = list(modules)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def __len__(self):
        return len(self.layers)

    def __getitem__(self, index):
        return Chain(*self.layers[index]) if isinstance(index, slice) else self.layers[index]

    def __iter__(self):
        return iter(self.layers)

    def append(self, module):
        self.layers.append(module)
        return self


def evidence(exercise, yours, expected):
    """Compare the keys of the public example."""
    keys, _, _, _ = yours
    if not isinstance(keys, list):
        return None
    mine, due = len(keys), len(expected[0])
    return f"In the example the state_dict of your chain has {mine} entries where {due} are due."
