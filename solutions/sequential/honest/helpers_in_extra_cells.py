"""Helper functions in extra cells, prints and warnings, as one builds up a notebook."""

EXTRA_CELLS = [
    """import copy
from collections import OrderedDict

def dense(i, o, *more):
    'A linear layer and what follows it.'
    return [nn.Linear(i, o), *more]

print(dense(2, 3, nn.ReLU()))
""",
    """import warnings

class frozen_modes:
    'Remember the training flags of a model and give them back.'
    def __init__(self, model):
        self.model = model
    def __enter__(self):
        self.flags = [m.training for m in self.model.modules()]
        self.model.eval()
        return self.model
    def __exit__(self, *error):
        for m, flag in zip(self.model.modules(), self.flags):
            m.training = flag

warnings.warn('this is only a warning')
""",
]


def build_mlp(sizes):
    print("sizes", sizes)
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += dense(i, o, nn.ReLU())  # noqa: F821
    layers += dense(sizes[-2], sizes[-1])  # noqa: F821
    return nn.Sequential(*layers)  # noqa: F821


def build_regularized_mlp(sizes, dropout):
    layers = []
    for i, o in zip(sizes[:-2], sizes[1:-1]):
        layers += dense(i, o, nn.ReLU(), nn.BatchNorm1d(o), nn.Dropout(dropout))  # noqa: F821
    layers += dense(sizes[-2], sizes[-1])  # noqa: F821
    return nn.Sequential(*layers)  # noqa: F821


def build_named_mlp(sizes):
    layers = OrderedDict()  # noqa: F821
    for i, (a, b) in enumerate(zip(sizes[:-2], sizes[1:-1]), 1):
        layers[f"linear{i}"], layers[f"relu{i}"] = dense(a, b, nn.ReLU())  # noqa: F821
    layers["output"] = nn.Linear(sizes[-2], sizes[-1])  # noqa: F821
    return nn.Sequential(layers)  # noqa: F821


def build_lenet(num_classes=10):
    layers = OrderedDict(  # noqa: F821
        conv1=nn.Conv2d(3, 6, 5),  # noqa: F821
        relu1=nn.ReLU(),  # noqa: F821
        pool1=nn.MaxPool2d(2),  # noqa: F821
        conv2=nn.Conv2d(6, 16, 5),  # noqa: F821
        relu2=nn.ReLU(),  # noqa: F821
        pool2=nn.MaxPool2d(2),  # noqa: F821
        flatten=nn.Flatten(),  # noqa: F821
    )
    for i, (a, b) in enumerate(((400, 120), (120, 84)), 1):
        layers[f"fc{i}"], layers[f"act{i}"] = dense(a, b, nn.ReLU())  # noqa: F821
    layers["out"] = nn.Linear(84, num_classes)  # noqa: F821
    return nn.Sequential(layers)  # noqa: F821


def trace_shapes(model, x):
    seen, handles = [], {}
    try:
        for name, child in model.named_children():
            handles[name] = child.register_forward_hook(
                lambda module, inputs, output, name=name: seen.append((name, list(output.shape)))
            )
        model(x)
    finally:
        for handle in handles.values():
            handle.remove()
    print(seen)
    return [(name, tuple(shape)) for name, shape in seen]


def count_parameters(model, trainable_only=False):
    import numpy as np

    chosen = [p for p in model.parameters() if p.requires_grad or not trainable_only]
    return int(sum(np.prod(p.shape) for p in chosen))


def predict(model, x):
    with frozen_modes(model) as quiet, torch.no_grad():  # noqa: F821
        y = quiet(x)
    warnings.warn(f"predicted {tuple(y.shape)}")  # noqa: F821
    return y
