"""Each function from those before: train_epoch by accuracy, fit by evaluate, compare_starts by train_epoch."""

import torch
from torch import nn
from torch.utils.data import TensorDataset


def steps_per_epoch(n, batch_size, drop_last=False):
    return len(range(0, n - n % batch_size if drop_last else n, batch_size))


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    order = torch.arange(n)
    if shuffle:
        order = order[torch.randperm(n, generator=generator)]
    end = n - n % batch_size if drop_last else n
    return [order[i : min(i + batch_size, end)] for i in range(0, end, batch_size)]


def split(x, y, rate=0.7, generator=None):
    # One part of the right size, and what is left.
    k = int(len(x) * rate)
    order = torch.randperm(len(x), generator=generator)
    return *_rows(x, y, order[:k]), *_rows(x, y, order[k:])


def _rows(x, y, indices):
    return TensorDataset(x, y)[indices.to(x.device)]


def accuracy(scores, labels):
    if labels.dim() == 2:
        labels = labels.squeeze(1)
    return torch.sum(torch.max(scores, dim=1).indices == labels).item() / labels.shape[0]


def train_epoch(model, batches, loss_fn, updater):
    model.train()
    losses, shares, n = 0, 0, 0
    for x, y in batches:
        optimizer = isinstance(updater, torch.optim.Optimizer)
        if optimizer:
            updater.zero_grad()
        model.zero_grad()
        out = model(x)
        loss = loss_fn(out, y)
        losses += loss.detach().item() * len(x)
        shares += accuracy(out.detach(), y) * len(x)
        n += len(x)
        if optimizer:
            loss.backward()
            updater.step()
        else:
            (len(x) * loss).backward()
            updater(len(x))
        model.zero_grad()
    return losses / n, shares / n


def evaluate(model, batches, loss_fn):
    flags = {name: module.training for name, module in model.named_modules()}
    try:
        model.train(False)
        with torch.no_grad():
            outputs = [model(x) for x, _ in batches]
        counts = [len(x) for x, _ in batches]
        with torch.no_grad():
            loss = sum(loss_fn(out, y).item() * n for out, (_, y), n in zip(outputs, batches, counts)) / sum(counts)
        return loss, accuracy(torch.cat(outputs), torch.cat([y for _, y in batches]))
    finally:
        for name, flag in flags.items():
            model.get_submodule(name).training = flag


def accumulated_gradient(model, batches, loss_fn):
    # All batches in one: that is what is asked for.
    x, y = torch.cat([x for x, _ in batches]), torch.cat([y for _, y in batches])
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    return dict(zip(named, torch.autograd.grad(loss_fn(model(x), y), tuple(named.values()))))


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    history = {"train": [], "test": []}
    for _ in range(epochs):
        train_epoch(model, train, loss_fn, optimizer)
        history["train"].append(evaluate(model, train, loss_fn)[0])
        history["test"].append(evaluate(model, test, loss_fn)[0])
    model.train()
    return history


def compare_starts(sizes, x, y, epochs, lr, seeds):
    rows = []
    for seed in seeds:
        torch.manual_seed(seed)
        model = nn.Sequential()
        for k, (i, o) in enumerate(zip(sizes, sizes[1:])):
            if k:
                model.add_module(f"relu{k}", nn.ReLU())
            model.add_module(f"linear{k}", nn.Linear(i, o))
        model = model.to(x.device)
        sgd = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            sgd.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            losses.append(loss.detach().clone())
            loss.backward()
            sgd.step()
        rows.append(torch.stack(losses))
    return torch.stack(rows)
