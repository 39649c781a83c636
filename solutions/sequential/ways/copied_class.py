"""All methods that nn.Sequential has, put into another class; its slices get a line of their own."""

from torch import nn


class Chain(nn.Module):
    for _name in ("forward", "__len__", "__iter__", "append", "extend", "insert", "pop", "_get_item_by_idx"):
        vars()[_name] = vars(nn.Sequential)[_name]

    def __init__(self, *modules):
        super().__init__()
        for i, module in enumerate(modules):
            self.add_module(str(i), module)

    def __getitem__(self, i):
        modules = list(self._modules.values())
        return Chain(*modules[i]) if isinstance(i, slice) else modules[i]
