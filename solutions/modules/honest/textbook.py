"""In the manner of textbooks: names of the formulas, numpy for numbers, one thing per line."""

import numpy as np
import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        nn.Module.__init__(self)
        k = np.sqrt(1 / in_features).item()
        W = 2 * k * torch.rand(out_features, in_features) - k
        self.weight = nn.Parameter(W)
        b = 2 * k * torch.rand(out_features) - k
        self.bias = nn.Parameter(b) if bias else None

    def forward(self, x):
        W, b = self.weight, self.bias
        # Wx + b with columns, then back to rows.
        y = (W @ x.unsqueeze(-1)).squeeze(-1)
        if b is not None:
            y = y + b
        return y


class Perceptron(nn.Module):
    def __init__(self, in_features, hidden_features, out_features):
        super(Perceptron, self).__init__()
        self.layer1 = Linear(in_features, hidden_features)
        self.layer2 = Linear(hidden_features, out_features)
        self.sigma = lambda z: 0.5 * (1 + torch.tanh(z / 2))

    def forward(self, x):
        z1 = self.layer1(x)
        a1 = self.sigma(z1)
        z2 = self.layer2(a1)
        return z2


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    n, k, s, p, d = size, kernel_size, stride, padding, dilation
    numerator = n + 2 * p - d * (k - 1) - 1
    if numerator < 0:
        raise ValueError("kernel larger than input")
    return int(np.floor(numerator / s)) + 1


def conv2d(x, weight, bias=None, stride=1, padding=0):
    N, C, H, W = x.shape
    O, Cw, kh, kw = weight.shape
    if C != Cw:
        raise ValueError("number of channels")
    p = padding
    X = nn.functional.pad(x, (p, p, p, p), "constant", 0)
    rows = range(0, H + 2 * p - kh + 1, stride)
    cols = range(0, W + 2 * p - kw + 1, stride)
    y = []
    for i in rows:
        for j in cols:
            window = X[:, :, i : i + kh, j : j + kw].reshape(N, -1)
            y.append(window @ weight.reshape(O, -1).T)
    Y = torch.stack(y, dim=2).reshape(N, O, len(rows), len(cols))
    if bias is not None:
        Y += bias[None, :, None, None]
    return Y


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode != "max" and mode != "avg":
        raise ValueError(mode)
    k = kernel_size
    s = k if stride is None else stride
    N, C, H, W = x.shape
    Ho = (H - k) // s + 1
    Wo = (W - k) // s + 1
    Y = torch.zeros(N, C, Ho, Wo, dtype=x.dtype, device=x.device)
    for i in range(Ho):
        for j in range(Wo):
            window = x[:, :, i * s : i * s + k, j * s : j * s + k].flatten(2)
            if mode == "max":
                Y[:, :, i, j] = window.max(dim=2)[0]
            else:
                Y[:, :, i, j] = window.mean(dim=2)
    return Y


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super(BatchNorm1d, self).__init__()
        self.eps = eps
        self.momentum = momentum
        gamma, beta = torch.ones(num_features), torch.zeros(num_features)
        self.weight = nn.Parameter(gamma)
        self.bias = nn.Parameter(beta)
        self.running_mean: torch.Tensor
        self.running_var: torch.Tensor
        self.register_buffer("running_mean", torch.zeros(num_features))
        self.register_buffer("running_var", torch.ones(num_features))

    def forward(self, x):
        gamma, beta = self.weight, self.bias
        if self.training:
            m = x.size(0)
            if m < 2:
                raise ValueError("m < 2")
            mu = torch.mean(x, 0)
            sigma2 = torch.mean(torch.square(x - mu), 0)
            x_hat = (x - mu) / torch.sqrt(sigma2 + self.eps)
            a = self.momentum
            self.running_mean.data = (1 - a) * self.running_mean.data + a * mu.data
            self.running_var.data = (1 - a) * self.running_var.data + a * (m / (m - 1)) * sigma2.data
        else:
            x_hat = (x - self.running_mean) / torch.sqrt(self.running_var + self.eps)
        return gamma * x_hat + beta


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super(Dropout, self).__init__()
        if p > 1 or p < 0:
            raise ValueError("no probability")
        self.p = p

    def forward(self, x):
        if self.training:
            q = 1 - self.p
            M = torch.distributions.Bernoulli(probs=q).sample(x.shape).to(x)
            if q == 0:
                return M * x
            return M * x / q
        else:
            return x


class LeNet(nn.Module):
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super(LeNet, self).__init__()
        n = image_size
        n = n - 5 + 1
        n = n // 2
        n = n - 5 + 1
        n = n // 2
        self.in_features = 16 * n * n
        self.features = nn.Sequential(
            nn.Conv2d(in_channels, 6, 5, stride=1, padding=0),
            nn.ReLU(),
            nn.MaxPool2d((2, 2)),
            nn.Conv2d(6, 16, 5, stride=1, padding=0),
            nn.ReLU(),
            nn.MaxPool2d((2, 2)),
        )
        self.classifier = nn.Sequential(
            nn.Linear(self.in_features, 120),
            nn.ReLU(),
            nn.Linear(120, 84),
            nn.ReLU(),
            nn.Linear(84, num_classes),
        )

    def forward(self, x):
        x = self.features(x)
        x = x.view(-1, self.in_features)
        return self.classifier(x)


def visit_order(model):
    names = [name for name, _ in model.named_modules()]
    order = []

    def children_of(parent):
        depth = 0 if parent == "" else parent.count(".") + 1
        below = [n for n in names if n != "" and (parent == "" or n.startswith(parent + "."))]
        return [n for n in below if n.count(".") == depth]

    def walk(name):
        for child in children_of(name):
            walk(child)
        order.append(name)

    walk("")
    return order


def freeze(model, keep):
    all_names = set(n for n, _ in model.named_modules())
    if not all(name in all_names for name in keep):
        raise ValueError("unknown module")
    for module_name, module in model.named_modules():
        inside = any(module_name == k or module_name.startswith(k + ".") for k in keep)
        for p in module.parameters(recurse=False):
            p.requires_grad = inside
            if not inside:
                p.grad = None
        if not inside and isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
    trained = []
    for name, p in model.named_parameters():
        if p.requires_grad:
            trained.append(name)
    return trained


def _last_linear(module):
    last = None
    for name, child in module.named_children():
        if isinstance(child, nn.Linear):
            last = (module, name)
        last = _last_linear(child) or last
    return last


def replace_head(model, num_classes):
    place = _last_linear(model)
    if place is None:
        raise ValueError("no linear layer")
    parent, name = place
    old = getattr(parent, name)
    new = nn.Linear(old.in_features, num_classes, bias=(old.bias is not None)).type(old.weight.dtype)
    setattr(parent, name, new.to(old.weight.device))
    return model


def load_matching(model, state, prefix=""):
    target = model.state_dict()
    status = dict.fromkeys(target, False)
    ignored = []
    for key, value in state.items():
        name = key
        if prefix != "" and name[: len(prefix)] == prefix:
            name = name[len(prefix) :]
        if name in target:
            if list(target[name].shape) == list(value.shape):
                target[name] = value.clone()
                status[name] = True
                continue
        ignored.append(key)
    model.load_state_dict(target)
    loaded = [n for n, done in status.items() if done]
    missing = [n for n, done in status.items() if not done]
    return loaded, missing, ignored
