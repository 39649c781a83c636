"""Your result is detached from the graph: no gradient flows back through it."""

import torch
from torch import nn

HINT = (
    "detach(), .data, .item() and torch.no_grad() cut the graph. A container has to hand the tensors on as they are, or "
    "nothing inside it can be trained."
)


class Chain(nn.Module):
    """A chain of modules."""

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            self.append(module)

    def forward(self, x):
        with torch.no_grad():
            for module in self:
                x = module(x)
        return x

    def __len__(self):
        return len(self._modules)

    def __getitem__(self, index):
        modules = list(self._modules.values())
        return Chain(*modules[index]) if isinstance(index, slice) else modules[index]

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self
