"""The methods of nn.Sequential in a class that is none."""

from torch import nn


class Chain(nn.ModuleList):
    def __init__(self, *modules):
        super().__init__(modules)

    def __getitem__(self, i):
        return Chain(*list(self._modules.values())[i]) if isinstance(i, slice) else super().__getitem__(i)

    forward = nn.Sequential.forward
