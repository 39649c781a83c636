"""Classes, generators and dataclasses for what a function would do."""

import contextlib
from collections import OrderedDict
from dataclasses import dataclass, field

import torch
from torch import nn


@dataclass
class _Mean:
    total: float = 0.0
    count: int = 0

    def add(self, mean, count):
        self.total += float(mean) * count
        self.count += count

    @property
    def value(self):
        return self.total / self.count


@dataclass
class _Measures:
    loss: _Mean = field(default_factory=_Mean)
    share: _Mean = field(default_factory=_Mean)

    def add(self, loss, scores, y):
        self.loss.add(loss.detach(), len(y))
        self.share.add((scores.detach().argmax(1) == y).double().mean(), len(y))

    def pair(self):
        return self.loss.value, self.share.value


def _starts(n, batch_size, drop_last):
    start = 0
    while start + (batch_size if drop_last else 1) <= n:
        yield start
        start += batch_size


def steps_per_epoch(n, batch_size, drop_last=False):
    return sum(1 for _ in _starts(n, batch_size, drop_last))


class _Polynomial:
    def __init__(self, weights, bias, degree):
        self.weights = torch.as_tensor(weights, dtype=torch.float32)
        self.bias, self.degree = bias, degree

    def __call__(self, x):
        return (x.pow(self.degree) * self.weights).sum(dim=1, keepdim=True) + self.bias


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    x = torch.empty(n, len(weights)).normal_(mean=0, std=1, generator=generator)
    y = _Polynomial(weights, bias, degree)(x)
    if noise:
        y = torch.normal(y, noise, generator=generator)
    return x, y


def split(x, y, rate=0.7, generator=None):
    k = int(len(x) * rate)
    order = torch.randperm(len(x), generator=generator)
    parts = torch.tensor_split(order, [k])
    found = []
    for part in parts:
        found += [torch.index_select(x, 0, part.to(x.device)), torch.index_select(y, 0, part.to(y.device))]
    return tuple(found)


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    return [order[s : s + batch_size].clone() for s in _starts(n, batch_size, drop_last)]


def accuracy(scores, labels):
    mean = _Mean()
    for row, label in zip(scores, labels.flatten().tolist()):
        mean.add(int(row.argmax()) == label, 1)
    return mean.value


class _Trainer:
    def __init__(self, model, loss_fn, updater):
        self.model, self.loss_fn, self.updater = model, loss_fn, updater

    def batch(self, x, y):
        for p in self.model.parameters():
            if p.grad is not None:
                p.grad.zero_()
        scores = self.model(x)
        loss = self.loss_fn(scores, y)
        match self.updater:
            case torch.optim.Optimizer():
                loss.backward()
                self.updater.step()
            case _:
                torch.mul(loss, len(x)).backward()
                self.updater(len(x))
        return loss, scores


def train_epoch(model, batches, loss_fn, updater):
    trainer, measures = _Trainer(model.train(), loss_fn, updater), _Measures()
    for x, y in batches:
        measures.add(*trainer.batch(x, y), y)
    return measures.pair()


@contextlib.contextmanager
def _measuring(model):
    flags = OrderedDict((m, m.training) for m in model.modules())
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        for m in flags:
            m.training = flags[m]


def evaluate(model, batches, loss_fn):
    measures = _Measures()
    with _measuring(model):
        for x, y in batches:
            scores = model(x)
            measures.add(loss_fn(scores, y), scores, y)
    return measures.pair()


def accumulated_gradient(model, batches, loss_fn):
    kept = {p: p.grad for p in model.parameters()}
    count = sum(len(y) for _, y in batches)
    try:
        for p in kept:
            p.grad = None
        for x, y in batches:
            (loss_fn(model(x), y) * (len(y) / count)).backward()
        return {name: p.grad.clone() for name, p in model.named_parameters() if p.requires_grad}
    finally:
        for p, grad in kept.items():
            p.grad = grad


@dataclass(frozen=True)
class _Schedule:
    base: float
    step_size: int
    gamma: float
    warmup: int

    def __getitem__(self, epoch):
        after = epoch - self.warmup
        if after < 0:
            return self.base * ((epoch + 1) / self.warmup)
        return self.base * float(self.gamma) ** (after // self.step_size)


def lr_at(epoch, base, step_size, gamma, warmup=0):
    return _Schedule(base, step_size, gamma, warmup)[epoch]


class _Curves(dict):
    def note(self, name, model, batches, loss_fn):
        mean = _Mean()
        with _measuring(model):
            for x, y in batches:
                mean.add(loss_fn(model(x), y), len(y))
        self.setdefault(name, []).append(mean.value)


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    model.train()
    optimizer, curves = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum), _Curves()
    for _ in range(epochs):
        for x, y in train:
            optimizer.zero_grad(set_to_none=False)
            loss_fn(model(x), y).backward()
            optimizer.step()
        curves.note("train", model, train, loss_fn)
        curves.note("test", model, test, loss_fn)
    return dict(curves)


class _Net(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(i, o) for i, o in zip(sizes, sizes[1:]))

    def forward(self, x):
        *hidden, last = self.layers
        for layer in hidden:
            x = layer(x).clamp(min=0)
        return last(x)


def _training(sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    net = _Net(sizes).to(x.device)
    for _ in range(epochs):
        loss = (net(x) - y).pow(2).mean()
        yield loss.item()
        net.zero_grad()
        loss.backward()
        with torch.no_grad():
            for p in net.parameters():
                p -= lr * p.grad


def compare_starts(sizes, x, y, epochs, lr, seeds):
    return x.new_tensor([list(_training(sizes, x, y, epochs, lr, seed)) for seed in seeds])


def snapshot(model):
    kept = OrderedDict()
    for name, value in model.state_dict().items():
        kept[name] = torch.empty_like(value).copy_(value)
    return kept
