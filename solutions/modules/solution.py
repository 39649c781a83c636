"""The reference solution of `modules`: every exercise as the notebook pins it, in plain torch."""

from __future__ import annotations

import math

import torch
from torch import nn


class Linear(nn.Module):
    """A linear map of the last dimension, and a bias."""

    def __init__(self, in_features, out_features, bias=True):
        """Make weight (out, in) and bias (out,) or None, both from U(−1/√in, 1/√in)."""
        super().__init__()
        bound = 1 / math.sqrt(in_features)
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(out_features).uniform_(-bound, bound)) if bias else None

    def forward(self, x):
        """Map (…, in) to (…, out)."""
        y = x @ self.weight.T
        return y if self.bias is None else y + self.bias


class Perceptron(nn.Module):
    """Two linear layers with a sigmoid between them."""

    def __init__(self, in_features, hidden_features, out_features):
        """Make layer1 and layer2."""
        super().__init__()
        self.layer1 = Linear(in_features, hidden_features)
        self.layer2 = Linear(hidden_features, out_features)

    def forward(self, x):
        """Map (…, in) to (…, out)."""
        hidden = torch.sigmoid(self.layer1(x))
        return self.layer2(hidden)


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    """Return the number of places that a kernel finds along one dimension."""
    span = dilation * (kernel_size - 1) + 1
    room = size + 2 * padding - span
    if room < 0:
        raise ValueError(f"a kernel that spans {span} is too large")
    return room // stride + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    """Return the cross-correlation of images (N, C, H, W) with kernels (O, C, kh, kw)."""
    if x.shape[1] != weight.shape[1]:
        raise ValueError(f"kernels {tuple(weight.shape)} and images {tuple(x.shape)} differ in their channels")
    padded = nn.functional.pad(x, (padding, padding, padding, padding))
    kh, kw = weight.shape[2:]
    windows = padded.unfold(2, kh, stride).unfold(3, kw, stride)
    out = torch.einsum("nchwij,ocij->nohw", windows, weight)
    return out if bias is None else out + bias[:, None, None]


def pool2d(x, kernel_size, mode="max", stride=None):
    """Return the largest or the mean number of every full window of images (N, C, H, W)."""
    if mode not in ("max", "avg"):
        raise ValueError(f"mode is 'max' or 'avg', not {mode!r}")
    step = kernel_size if stride is None else stride
    windows = x.unfold(2, kernel_size, step).unfold(3, kernel_size, step)
    return windows.amax((-2, -1)) if mode == "max" else windows.mean((-2, -1))


class BatchNorm1d(nn.Module):
    """Batch normalisation of features."""

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        """Make weight and bias, which learn, and running_mean and running_var, which do not."""
        super().__init__()
        self.eps = eps
        self.momentum = momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        """Normalise (N, features) over the batch in training, by the running statistics in evaluation."""
        if self.training:
            if len(x) < 2:
                raise ValueError(f"a batch of {len(x)} has no variance")
            mean = x.mean(0)
            var = x.var(0, correction=0)
            with torch.no_grad():
                m = self.momentum
                self.running_mean.mul_(1 - m).add_(m * mean)
                self.running_var.mul_(1 - m).add_(m * x.var(0, correction=1))
        else:
            mean = self.running_mean
            var = self.running_var
        normal = (x - mean) / torch.sqrt(var + self.eps)
        return self.weight * normal + self.bias


class Dropout(nn.Module):
    """Zeros at random while training."""

    def __init__(self, p=0.5):
        """Remember the probability of a zero."""
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p is a probability, not {p}")
        self.p = p

    def forward(self, x):
        """Return x with zeros, and the rest scaled up, in training; x in evaluation."""
        if not self.training:
            return x
        if self.p == 1:
            return x * 0
        keep = torch.rand_like(x) >= self.p
        return x * keep / (1 - self.p)


class LeNet(nn.Module):
    """Two convolutions and three linear layers, for square images of any size from 16 on."""

    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        """Make features and classifier."""
        super().__init__()
        side = image_size
        for _ in range(2):
            side = output_size(output_size(side, 5), 2, stride=2)
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Linear(16 * side * side, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, x):
        """Map (N, in_channels, image_size, image_size) to (N, num_classes)."""
        return self.classifier(self.features(x).flatten(1))


def visit_order(model):
    """Return the qualified names of all modules, children before their parents."""
    names = []

    def visit(module, name):
        for child_name, child in module.named_children():
            visit(child, f"{name}.{child_name}" if name else child_name)
        names.append(name)

    visit(model, "")
    return names


def freeze(model, keep):
    """Let nothing be trained but what is in the modules named in keep; return its parameters' names."""
    modules = dict(model.named_modules())
    for name in keep:
        if name not in modules:
            raise ValueError(f"the model has no module {name!r}")

    def kept(name):
        return any(name == top or name.startswith(f"{top}.") for top in keep)

    for name, parameter in model.named_parameters():
        parameter.requires_grad_(kept(name))
        if not kept(name):
            parameter.grad = None
    for name, module in modules.items():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)) and not kept(name):
            module.eval()
    return [name for name, parameter in model.named_parameters() if parameter.requires_grad]


def replace_head(model, num_classes):
    """Put a fresh Linear with num_classes outputs in the place of the last one."""
    linears = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    if not linears:
        raise ValueError(f"{type(model).__name__} has no Linear")
    path, _, last = linears[-1].rpartition(".")
    old = model.get_submodule(linears[-1])
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None).to(old.weight)
    setattr(model.get_submodule(path), last, new)
    return model


def load_matching(model, state, prefix=""):
    """Copy what fits by name, without the prefix, and by shape; return what was loaded, missing and ignored."""
    own = model.state_dict()
    loaded = []
    ignored = []
    with torch.no_grad():
        for key, value in state.items():
            name = key.removeprefix(prefix)
            if name in own and own[name].shape == value.shape:
                own[name].copy_(value)
                loaded.append(name)
            else:
                ignored.append(key)
    missing = [name for name in own if name not in loaded]
    return [name for name in own if name in loaded], missing, ignored
