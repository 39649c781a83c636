"""The reference solution of `training`: every function as the notebook asks for it, in plain torch."""

from __future__ import annotations

import torch
from torch import nn


def steps_per_epoch(n, batch_size, drop_last=False):
    """Return ⌈n/b⌉, or ⌊n/b⌋ where an incomplete batch is left out."""
    whole, rest = divmod(n, batch_size)
    return whole if drop_last or rest == 0 else whole + 1


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    """Return x (n, d) from N(0, 1) and y (n, 1) = Σⱼ wⱼ·xⱼ^degree + bias + noise·N(0, 1), float32."""
    x = torch.randn(n, len(weights), generator=generator)
    w = torch.tensor(weights, dtype=x.dtype).reshape(-1, 1)
    e = torch.randn(n, 1, generator=generator)
    return x, x**degree @ w + bias + noise * e


def split(x, y, rate=0.7, generator=None):
    """Return int(n·rate) pairs drawn without replacement, and all others."""
    order = torch.randperm(len(x), generator=generator).to(x.device)
    k = int(len(x) * rate)
    train, test = order[:k], order[k:]
    return x[train], y[train], x[test], y[test]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    """Return index tensors that go through 0…n−1 once."""
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    batches = list(order.split(batch_size))
    if drop_last and len(batches[-1]) < batch_size:
        batches.pop()
    return batches


def accuracy(scores, labels):
    """Return the share of rows whose largest score is at the label."""
    right = scores.argmax(1) == labels.reshape(-1)
    return right.double().mean().item()


def train_epoch(model, batches, loss_fn, updater):
    """Train for one pass; return loss and accuracy over the samples, as they were before each update."""
    model.train()
    total, right, count = 0.0, 0, 0
    for x, y in batches:
        model.zero_grad()
        scores = model(x)
        loss = loss_fn(scores, y)
        if isinstance(updater, torch.optim.Optimizer):
            loss.backward()
            updater.step()
        else:
            # It divides by the number of samples itself.
            (loss * len(y)).backward()
            updater(len(y))
        total += loss.item() * len(y)
        right += (scores.argmax(1) == y.reshape(-1)).sum().item()
        count += len(y)
    return total / count, right / count


def evaluate(model, batches, loss_fn):
    """Return loss and accuracy over the samples in evaluation mode; the model is afterwards as before."""
    flags = {module: module.training for module in model.modules()}
    model.eval()
    total, right, count = 0.0, 0, 0
    try:
        with torch.no_grad():
            for x, y in batches:
                scores = model(x)
                total += loss_fn(scores, y).item() * len(y)
                right += (scores.argmax(1) == y.reshape(-1)).sum().item()
                count += len(y)
    finally:
        for module, flag in flags.items():
            module.training = flag
    return total / count, right / count


def accumulated_gradient(model, batches, loss_fn):
    """Return by name the gradient of the mean loss over the samples of all batches; no .grad is touched."""
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    count = sum(len(y) for _, y in batches)
    total = {name: torch.zeros_like(p) for name, p in named.items()}
    for x, y in batches:
        gradients = torch.autograd.grad(loss_fn(model(x), y), list(named.values()))
        for name, gradient in zip(named, gradients):  # noqa: B905 - as a student writes it
            total[name] += gradient * (len(y) / count)
    return total


def lr_at(epoch, base, step_size, gamma, warmup=0):
    """Return the rate of an epoch: up in equal steps, then a factor gamma after every step_size epochs."""
    if epoch < warmup:
        return float(base * (epoch + 1) / warmup)
    return float(base * gamma ** ((epoch - warmup) // step_size))


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    """Train with one SGD; return the losses over all of train and of test after each epoch, in evaluation mode."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    history = {"train": [], "test": []}
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        for name, batches in (("train", train), ("test", test)):
            with torch.no_grad():
                losses = [loss_fn(model(x), y).item() * len(y) for x, y in batches]
            history[name].append(sum(losses) / sum(len(y) for _, y in batches))
    model.train()
    return history


def compare_starts(sizes, x, y, epochs, lr, seeds):
    """Return the loss before each full-batch update for each seed, shape (len(seeds), epochs)."""
    rows = []
    for seed in seeds:
        torch.manual_seed(seed)
        layers = []
        for fan_in, fan_out in zip(sizes, sizes[1:]):  # noqa: B905, RUF007 - as a student writes it
            layers += [nn.Linear(fan_in, fan_out), nn.ReLU()]
        # The numbers are drawn in float32 on the CPU wherever x lives.
        model = nn.Sequential(*layers[:-1]).to(x)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y)
            loss.backward()
            losses.append(loss.detach())
            optimizer.step()
        rows.append(torch.stack(losses))
    return torch.stack(rows)


def snapshot(model):
    """Return copies of the state_dict's entries, in its order."""
    return {name: value.detach().clone() for name, value in model.state_dict().items()}
