"""Plain mistakes that have no name: kinds, dtypes, seeds, graphs."""

import torch
from torch import nn


def steps_per_epoch(n, batch_size, drop_last=False):
    # Right, but for fewer samples than a batch has.
    return max(n // batch_size, 1) if drop_last else (n + batch_size - 1) // batch_size


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    # Uniform numbers, and noise of the right deviation.
    x = torch.rand(n, len(weights), generator=generator) * 12**0.5 - 3**0.5
    w = torch.tensor(weights).reshape(-1, 1)
    return x, x**degree @ w + bias + noise * torch.randn(n, 1, generator=generator)


def split(x, y, rate=0.7, generator=None):
    # The generator is left aside.
    order = torch.randperm(len(x)).to(x.device)
    k = int(len(x) * rate)
    return x[order[:k]], y[order[:k]], x[order[k:]], y[order[k:]]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    # Batches are shuffled, not the samples.
    batches = list(torch.arange(n).split(batch_size))
    if drop_last and len(batches[-1]) < batch_size:
        batches.pop()
    order = torch.randperm(len(batches), generator=generator) if shuffle else range(len(batches))
    return [batches[int(i)] for i in order]


def accuracy(scores, labels):
    # Right for two classes only.
    return ((scores[:, 1] > scores[:, 0]).long() == labels.reshape(-1)).double().mean().item()


def train_epoch(model, batches, loss_fn, updater):
    # A list, and nothing learned.
    model.train()
    losses = [loss_fn(model(x), y).item() * len(y) for x, y in batches]
    right = [(model(x).argmax(1) == y).sum().item() for x, y in batches]
    count = sum(len(y) for _, y in batches)
    return [sum(losses) / count, sum(right) / count]


def evaluate(model, batches, loss_fn):
    # All is right, but for the graph.
    flags = {module: module.training for module in model.modules()}
    model.eval()
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
    # A list, in the right order.
    named = [p for p in model.parameters() if p.requires_grad]
    count = sum(len(y) for _, y in batches)
    loss = sum(loss_fn(model(x), y) * len(y) for x, y in batches) / count
    return list(torch.autograd.grad(loss, named))


def lr_at(epoch, base, step_size, gamma, warmup=0):
    # An int where all arguments are.
    if epoch < warmup:
        return base * (epoch + 1) / warmup
    return base * gamma ** ((epoch - warmup) // step_size)


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    # The momentum is left aside.
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    history = {"train": [], "test": []}
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss_fn(model(x), y).backward()
            optimizer.step()
        model.eval()
        for name, batches in (("train", train), ("test", test)):
            with torch.no_grad():
                losses = [loss_fn(model(x), y).item() * len(y) for x, y in batches]
            history[name].append(sum(losses) / sum(len(y) for _, y in batches))
    model.train()
    return history


def compare_starts(sizes, x, y, epochs, lr, seeds):
    # The sum of the squares, and its gradient.
    rows = []
    for seed in seeds:
        torch.manual_seed(seed)
        layers = []
        for i, o in zip(sizes, sizes[1:]):
            layers += [nn.Linear(i, o), nn.ReLU()]
        model = nn.Sequential(*layers[:-1]).to(x)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        losses = []
        for _ in range(epochs):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(model(x), y, reduction="sum")
            loss.backward()
            losses.append(loss.detach())
            optimizer.step()
        rows.append(torch.stack(losses))
    return torch.stack(rows)


def snapshot(model):
    # Without the names.
    return [value.detach().clone() for value in model.state_dict().values()]
