"""Loops over kernels, windows and modules, as somebody writes who wants to see each step."""

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        limit = in_features**-0.5
        self.weight = nn.Parameter(torch.rand(out_features, in_features) * 2 * limit - limit)
        if bias:
            self.bias = nn.Parameter(torch.rand(out_features) * 2 * limit - limit)
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        columns = []
        for j in range(len(self.weight)):
            column = (x * self.weight[j]).sum(-1)
            if self.bias is not None:
                column = column + self.bias[j]
            columns.append(column)
        return torch.stack(columns, -1)


class Perceptron(nn.Module):
    def __init__(self, in_features, hidden_features, out_features):
        super().__init__()
        self.layer1 = Linear(in_features, hidden_features)
        self.activation = nn.Sigmoid()
        self.layer2 = Linear(hidden_features, out_features)

    def forward(self, x):
        x = self.layer1(x)
        x = self.activation(x)
        return self.layer2(x)


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    places = 0
    position = 0
    while position + dilation * (kernel_size - 1) < size + 2 * padding:
        places += 1
        position += stride
    if places == 0:
        raise ValueError("the kernel does not fit")
    return places


def conv2d(x, weight, bias=None, stride=1, padding=0):
    n, c, h, w = x.shape
    o, channels, kh, kw = weight.shape
    if c != channels:
        raise ValueError("images and kernels have different numbers of channels")
    image = torch.zeros(n, c, h + 2 * padding, w + 2 * padding, dtype=x.dtype, device=x.device)
    image[:, :, padding : padding + h, padding : padding + w] = x
    rows = (h + 2 * padding - kh) // stride + 1
    columns = (w + 2 * padding - kw) // stride + 1
    total = torch.zeros(n, o, rows, columns, dtype=x.dtype, device=x.device)
    for u in range(kh):
        for v in range(kw):
            part = image[:, :, u : u + stride * rows : stride, v : v + stride * columns : stride][:, :, :rows, :columns]
            for k in range(c):
                total = total + part[:, k : k + 1] * weight[None, :, k, u, v, None, None]
    if bias is not None:
        total = total + bias.view(1, -1, 1, 1)
    return total


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode == "max":
        pick = lambda window: window.amax(dim=(2, 3))  # noqa: E731
    elif mode == "avg":
        pick = lambda window: window.mean(dim=(2, 3))  # noqa: E731
    else:
        raise ValueError(f"unknown mode {mode}")
    if stride is None:
        stride = kernel_size
    lines = []
    i = 0
    while i + kernel_size <= x.shape[2]:
        line = []
        j = 0
        while j + kernel_size <= x.shape[3]:
            line.append(pick(x[:, :, i : i + kernel_size, j : j + kernel_size]))
            j += stride
        lines.append(torch.stack(line, 2))
        i += stride
    return torch.stack(lines, 2)


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.weight = nn.Parameter(torch.ones(num_features))
        self.bias = nn.Parameter(torch.zeros(num_features))
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        n = x.shape[0]
        if self.training:
            if n <= 1:
                raise ValueError("more than one sample is needed")
            mean = x.sum(dim=0) / n
            centred = x - mean
            var = (centred**2).sum(dim=0) / n
            unbiased = var * n / (n - 1)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean.detach()
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * unbiased.detach()
        else:
            centred = x - self.running_mean
            var = self.running_var
        return centred / (var + self.eps) ** 0.5 * self.weight + self.bias


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p < 0 or p > 1:
            raise ValueError("p has to be between 0 and 1")
        self.p = p

    def forward(self, x):
        if self.training is False or self.p == 0:
            return x
        if self.p == 1:
            return torch.zeros_like(x) * x
        mask = torch.bernoulli(torch.full(x.shape, 1 - self.p, device=x.device))
        return x * mask / (1 - self.p)


class LeNet(nn.Module):
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super().__init__()
        size = image_size
        size = output_size(size, 5)
        size = output_size(size, 2, 2)
        size = output_size(size, 5)
        size = output_size(size, 2, 2)
        self.features = nn.Sequential()
        channels = in_channels
        for maps in (6, 16):
            self.features.append(nn.Conv2d(channels, maps, kernel_size=5))
            self.features.append(nn.ReLU())
            self.features.append(nn.MaxPool2d(kernel_size=2))
            channels = maps
        self.classifier = nn.Sequential()
        widths = [16 * size**2, 120, 84, num_classes]
        for i in range(3):
            self.classifier.append(nn.Linear(widths[i], widths[i + 1]))
            if i < 2:
                self.classifier.append(nn.ReLU())

    def forward(self, x):
        for layer in self.features:
            x = layer(x)
        x = x.reshape(x.shape[0], -1)
        for layer in self.classifier:
            x = layer(x)
        return x


def visit_order(model):
    order = []
    for name, child in model.named_children():
        for below in visit_order(child):
            order.append(name if below == "" else name + "." + below)
    order.append("")
    return order


def freeze(model, keep):
    names = [name for name, _ in model.named_modules()]
    for name in keep:
        if name not in names:
            raise ValueError(f"no module is called {name}")
    trained = []
    for name, parameter in model.named_parameters():
        wanted = False
        for top in keep:
            if name.split(".")[: len(top.split("."))] == top.split("."):
                wanted = True
        parameter.requires_grad = wanted
        if wanted:
            trained.append(name)
        else:
            parameter.grad = None
    for name, module in model.named_modules():
        if "BatchNorm" in type(module).__name__:
            inside = any((name + ".").startswith(top + ".") for top in keep)
            if not inside:
                module.training = False
    return trained


def replace_head(model, num_classes):
    found = None
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            found = name
    if found is None:
        raise ValueError("no Linear")
    parts = found.split(".")
    parent = model
    for part in parts[:-1]:
        parent = getattr(parent, part)
    old = getattr(parent, parts[-1])
    new = nn.Linear(old.in_features, num_classes, old.bias is not None, old.weight.device, old.weight.dtype)
    parent._modules[parts[-1]] = new
    return model


def load_matching(model, state, prefix=""):
    own = model.state_dict()
    got, unused = set(), []
    for key in state:
        name = key
        if prefix and key.startswith(prefix):
            name = key[len(prefix) :]
        if name in own and tuple(own[name].shape) == tuple(state[key].shape):
            own[name].data.copy_(state[key])
            got.add(name)
        else:
            unused.append(key)
    loaded, missing = [], []
    for name in own:
        if name in got:
            loaded.append(name)
        else:
            missing.append(name)
    return loaded, missing, unused
