"""The keys of your Chain's state_dict have a prefix."""

from torch import nn

HINT = (
    "An nn.ModuleList inside the chain is a module of its own, and its name comes first in every key: layers.0.weight. "
    "For 0.weight the modules have to be direct children, called 0, 1, 2, …"
)


class Chain(nn.Module):
    """A chain of modules."""

    def __init__(self, *modules):
        super().__init__()
        self.layers = nn.ModuleList(modules)

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
    """Compare the first keys of the public example."""
    if len(yours[0]) != len(expected[0]):
        return None
    return f"In the example your first of {len(yours[0])} keys is {yours[0][0]} where {expected[0][0]} is due."
