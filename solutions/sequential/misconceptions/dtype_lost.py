"""Your result has another dtype than the inputs."""

import torch
from torch import nn

HINT = (
    ".float() and torch.tensor(…) make float32. The model's layers keep the dtype of what they get, so that nothing has "
    "to be converted."
)


class Chain(nn.Module):
    """A chain of modules."""

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            self.append(module)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x.float()

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


def predict(model, x):
    flags = [(m, m.training) for m in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            return model(x).float()
    finally:
        for m, flag in flags:
            m.training = flag
