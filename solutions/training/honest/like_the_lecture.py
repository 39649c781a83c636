"""Short, with an accumulator for sums, as it stands on slides; later functions use earlier ones."""

import copy
import math

import torch
import torch.nn.functional as F
from torch import nn, optim


class _Accumulator:
    """Sums of n numbers."""

    def __init__(self, n):
        self.data = [0.0] * n

    def add(self, *args):
        self.data = [a + float(b) for a, b in zip(self.data, args)]

    def __getitem__(self, i):
        return self.data[i]


def steps_per_epoch(n, batch_size, drop_last=False):
    return math.floor(n / batch_size) if drop_last else math.ceil(n / batch_size)


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    w = torch.tensor(weights).view(-1, 1).float()
    X = torch.normal(0.0, 1.0, (n, len(w)), generator=generator)
    y = torch.matmul(X.pow(degree), w) + bias
    y += torch.normal(0.0, 1.0, y.shape, generator=generator) * noise
    return X, y


def split(x, y, rate=0.7, generator=None):
    idx = torch.randperm(x.size(0), generator=generator)
    n_train = int(rate * x.size(0))
    a, b = idx[:n_train], idx[n_train:]
    return x[a.to(x.device)], y[a.to(y.device)], x[b.to(x.device)], y[b.to(y.device)]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    indices = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    return [indices[i * batch_size : (i + 1) * batch_size] for i in range(steps_per_epoch(n, batch_size, drop_last))]


def accuracy(scores, labels):
    y_hat = scores.argmax(dim=1)
    cmp = y_hat.type(labels.dtype) == labels.view(-1)
    return float(cmp.type(torch.float32).mean())


def train_epoch(model, batches, loss_fn, updater):
    model.train()
    metric = _Accumulator(3)
    for X, y in batches:
        y_hat = model(X)
        l = loss_fn(y_hat, y)
        model.zero_grad()
        if isinstance(updater, optim.Optimizer):
            l.backward()
            updater.step()
        else:
            (l * y.numel()).backward()
            updater(X.shape[0])
        metric.add(float(l) * len(y), accuracy(y_hat, y) * len(y), y.numel())
    return metric[0] / metric[2], metric[1] / metric[2]


def evaluate(model, batches, loss_fn):
    was = {name: m.training for name, m in model.named_modules()}
    metric = _Accumulator(3)
    try:
        model.eval()
        with torch.no_grad():
            for X, y in batches:
                out = model(X)
                metric.add(loss_fn(out, y) * y.size(0), accuracy(out, y) * y.size(0), y.size(0))
    finally:
        for name, m in model.named_modules():
            m.train(was[name]) if not list(m.children()) else setattr(m, "training", was[name])
    return metric[0] / metric[2], metric[1] / metric[2]


def accumulated_gradient(model, batches, loss_fn):
    # On a copy, so that nobody's .grad is touched.
    twin = copy.deepcopy(model)
    twin.zero_grad()
    n = sum(y.shape[0] for _, y in batches)
    for X, y in batches:
        (loss_fn(twin(X), y) * y.shape[0] / n).backward()
    return {name: p.grad for name, p in twin.named_parameters() if p.requires_grad}


def lr_at(epoch, base, step_size, gamma, warmup=0):
    if epoch >= warmup:
        return float(base * math.pow(gamma, (epoch - warmup) // step_size))
    return base / warmup * (epoch + 1)


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    opt = optim.SGD(model.parameters(), lr, momentum)

    def mean_loss(batches):
        metric = _Accumulator(2)
        model.eval()
        with torch.no_grad():
            for X, y in batches:
                metric.add(loss_fn(model(X), y) * len(X), len(X))
        model.train()
        return metric[0] / metric[1]

    history = dict(train=[], test=[])
    model.train()
    for _ in range(epochs):
        for X, y in train:
            l = loss_fn(model(X), y)
            opt.zero_grad()
            l.backward()
            opt.step()
        history["train"].append(mean_loss(train))
        history["test"].append(mean_loss(test))
    return history


def compare_starts(sizes, x, y, epochs, lr, seeds):
    out = []
    for s in seeds:
        torch.manual_seed(s)
        fcs = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]).to(x.device)
        opt = optim.SGD(fcs.parameters(), lr)
        losses = []
        for _ in range(epochs):
            h = x
            for i, fc in enumerate(fcs):
                h = fc(h) if i == 0 else fc(F.relu(h))
            l = F.mse_loss(h, y)
            opt.zero_grad()
            l.backward()
            opt.step()
            losses.append(l.item())
        out.append(losses)
    return torch.tensor(out, device=x.device)


def snapshot(model):
    return copy.deepcopy(model.state_dict())
