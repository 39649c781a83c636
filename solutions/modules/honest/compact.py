"""Everything in as few lines as possible."""

from itertools import product

import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features, bias=True):
        super().__init__()
        draw = lambda *shape: nn.Parameter(torch.empty(shape).uniform_(-1, 1) / in_features**0.5)  # noqa: E731
        self.weight, self.bias = draw(out_features, in_features), draw(out_features) if bias else None

    def forward(self, x):
        return torch.einsum("...i,oi->...o", x, self.weight) + (0 if self.bias is None else self.bias)


class Perceptron(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.layer1, self.layer2 = (Linear(a, b) for a, b in zip(sizes, sizes[1:]))

    def forward(self, x):
        return self.layer2(1 / (1 + torch.exp(-self.layer1(x))))


def output_size(size, kernel_size, stride=1, padding=0, dilation=1):
    n = len(range(0, size + 2 * padding - dilation * (kernel_size - 1), stride))
    if n:
        return n
    raise ValueError(f"{kernel_size=} is too large for {size=}")


def conv2d(x, weight, bias=None, stride=1, padding=0):
    if x.shape[1] != weight.shape[1]:
        raise ValueError((x.shape, weight.shape))
    p = nn.ZeroPad2d(padding)(x)
    (kh, kw), (h, w) = weight.shape[2:], p.shape[2:]
    parts = (
        torch.tensordot(p[..., u : h - kh + u + 1 : stride, v : w - kw + v + 1 : stride], weight[..., u, v], ([1], [1]))
        for u, v in product(range(kh), range(kw))
    )
    return (sum(parts) + (0 if bias is None else bias)).movedim(-1, 1)


def pool2d(x, kernel_size, mode="max", stride=None):
    reduce = {"max": torch.amax, "avg": torch.mean}.get(mode)
    if reduce is None:
        raise ValueError(mode)
    step = stride or kernel_size
    along = lambda t, dim: reduce(t.unfold(dim, kernel_size, step), -1)  # noqa: E731
    return along(along(x, 2), 3)


class BatchNorm1d(nn.Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        for name, start in (("weight", torch.ones), ("bias", torch.zeros)):
            setattr(self, name, nn.Parameter(start(num_features)))
        for name, start in (("mean", torch.zeros), ("var", torch.ones)):
            self.register_buffer(f"running_{name}", start(num_features))

    def forward(self, x):
        if self.training and len(x) < 2:
            raise ValueError(x.shape)
        if self.training:
            for old, new in ((self.running_mean, x.mean(0)), (self.running_var, x.var(0))):
                old += self.momentum * (new.detach() - old)
        mu, var = (x.mean(0), x.var(0, unbiased=False)) if self.training else (self.running_mean, self.running_var)
        return torch.addcmul(self.bias, self.weight, (x - mu) / (var + self.eps).sqrt())


class Dropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(p)
        self.p = p

    def forward(self, x):
        keep = torch.rand(x.shape, device=x.device) >= self.p
        return torch.where(keep, x / max(1 - self.p, 1e-300), torch.zeros_like(x)) if self.training else x


class LeNet(nn.Module):
    def __init__(self, in_channels=3, image_size=32, num_classes=10):
        super().__init__()
        s = ((image_size - 4) // 2 - 4) // 2
        block = lambda i, o: (nn.Conv2d(i, o, 5), nn.ReLU(), nn.MaxPool2d(2))  # noqa: E731
        self.features = nn.Sequential(*block(in_channels, 6), *block(6, 16))
        dense = [m for i, o in ((16 * s * s, 120), (120, 84)) for m in (nn.Linear(i, o), nn.ReLU())]
        self.classifier = nn.Sequential(*dense, nn.Linear(84, num_classes))

    def forward(self, x):
        return self.classifier(self.features(x).view(len(x), -1))


def visit_order(model):
    return [f"{n}.{d}".strip(".") for n, c in model.named_children() for d in visit_order(c)] + [""]


def freeze(model, keep):
    modules, below = dict(model.named_modules()), lambda n: any(f"{n}.".startswith(f"{k}.") for k in keep)
    if not set(keep) <= set(modules):
        raise ValueError(keep)
    [setattr(p, "requires_grad", below(n)) or below(n) or setattr(p, "grad", None) for n, p in model.named_parameters()]
    [m.eval() for n, m in modules.items() if hasattr(m, "running_mean") and not below(n)]
    return [n for n, p in model.named_parameters() if below(n)]


def replace_head(model, num_classes):
    paths = [n for n, m in model.named_modules() if type(m) is nn.Linear]
    if not paths:
        raise ValueError("no Linear")
    old = model.get_submodule(paths[-1])
    new = nn.Linear(old.in_features, num_classes, bias=old.bias is not None, dtype=old.weight.dtype)
    model.set_submodule(paths[-1], new.to(old.weight.device))
    return model


def load_matching(model, state, prefix=""):
    own = model.state_dict()
    used = {
        k.removeprefix(prefix): k
        for k in state
        if getattr(own.get(k.removeprefix(prefix)), "shape", 0) == state[k].shape
    }
    [own[n].copy_(state[k]) for n, k in used.items()]
    return (
        [n for n in own if n in used],
        [n for n in own if n not in used],
        [k for k in state if k not in used.values()],
    )
