"""Your second call with the same inputs gives a different answer from the first."""

from torch import nn

HINT = (
    "Something outlives the call: a global list, a default argument that is changed, or an attribute of the class instead "
    "of the object. Make a new list in every call."
)
QUESTION = "What does your function still know of the first call when the second one begins?"
WORKED = """
A function that collects in a default argument, `def collect(x, seen=[])`, has one list for all calls.
  first call with 3:   the list is [3]
  second call with 3:  the same list is [3, 3]
A list that is made inside of the function is a new one each time.
"""


def build_mlp(sizes, layers=[]):
    for i, o in zip(sizes, sizes[1:]):
        if layers:
            layers.append(nn.ReLU())
        layers.append(nn.Linear(i, o))
    return nn.Sequential(*layers)


_shapes = []


def trace_shapes(model, x):
    def watch(name):
        return lambda m, i, o: _shapes.append((name, tuple(o.shape)))

    handles = [child.register_forward_hook(watch(name)) for name, child in model.named_children()]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return list(_shapes)


_counted = []


def count_parameters(model, trainable_only=False):
    for p in model.parameters():
        if p.requires_grad or not trainable_only:
            _counted.append(p.numel())
    return sum(_counted)


class Chain(nn.Module):
    """A chain of modules."""

    names = []

    def __init__(self, *modules):
        super().__init__()
        for module in modules:
            self.append(module)

    def forward(self, x):
        for module in self:
            x = module(x)
        return x

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        modules = list(self._modules.values())
        return Chain(*modules[index]) if isinstance(index, slice) else modules[index]

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        name = str(len(self._modules))
        self.names.append(name)
        self.add_module(name, module)
        return self
