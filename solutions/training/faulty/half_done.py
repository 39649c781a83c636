"""One case left out, or something left behind."""

EQUALS = {"compare_starts": "accumulates-over-calls"}

import torch
from torch import nn


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    # One error for all samples.
    x = torch.randn(n, len(weights), generator=generator)
    w = torch.tensor(weights).reshape(-1, 1)
    return x, x**degree @ w + bias + noise * torch.randn(1, generator=generator)


def split(x, y, rate=0.7, generator=None):
    # Drawn with a seed of its own.
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0)).to(x.device)
    k = int(len(x) * rate)
    return x[order[:k]], y[order[:k]], x[order[k:]], y[order[k:]]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    # Lists where tensors are asked for.
    order = torch.randperm(n, generator=generator).tolist() if shuffle else list(range(n))
    parts = [order[i : i + batch_size] for i in range(0, n, batch_size)]
    return [p for p in parts if not drop_last or len(p) == batch_size]


def train_epoch(model, batches, loss_fn, updater):
    # Parameters become new objects after the pass.
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
            (loss * len(y)).backward()
            updater(len(y))
        total += loss.item() * len(y)
        right += (scores.argmax(1) == y.reshape(-1)).sum().item()
        count += len(y)
    for module in model.modules():
        for name, p in list(module.named_parameters(recurse=False)):
            setattr(module, name, nn.Parameter(p.detach().clone()))
    return total / count, right / count


def evaluate(model, batches, loss_fn):
    # Autograd stays switched off.
    flags = {module: module.training for module in model.modules()}
    model.eval()
    torch.set_grad_enabled(False)
    total, right, count = 0.0, 0, 0
    try:
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
    # With a graph.
    named = {name: p for name, p in model.named_parameters() if p.requires_grad}
    count = sum(len(y) for _, y in batches)
    loss = sum(loss_fn(model(x), y) * len(y) for x, y in batches) / count
    return dict(zip(named, torch.autograd.grad(loss, list(named.values()), create_graph=True)))


def compare_starts(sizes, x, y, epochs, lr, seeds):
    # No seed is set.
    rows = []
    for _ in seeds:
        layers = []
        for i, o in zip(sizes, sizes[1:]):
            layers += [nn.Linear(i, o), nn.ReLU()]
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
    # In another order, and everything in float64.
    return {name: value.detach().clone().double() for name, value in sorted(model.state_dict().items())}
