"""Batches are joined where the order of samples plays no part: one forward pass, one loss, one gradient."""

import torch


def _joined(batches):
    x, y = (torch.cat(parts) for parts in zip(*batches))
    return x, y


def evaluate(model, batches, loss_fn):
    x, y = _joined(batches)
    modes = {m: m.training for m in model.modules()}
    try:
        model.eval()
        with torch.no_grad():
            scores = model(x)
            return loss_fn(scores, y).item(), (scores.argmax(1) == y).double().mean().item()
    finally:
        for m, mode in modes.items():
            m.training = mode


def accumulated_gradient(model, batches, loss_fn):
    x, y = _joined(batches)
    names, parameters = zip(*[(n, p) for n, p in model.named_parameters() if p.requires_grad])
    return dict(zip(names, torch.autograd.grad(loss_fn(model(x), y), parameters)))


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    history = {"train": [], "test": []}
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    everything = {"train": _joined(train), "test": _joined(test)}
    for _ in range(epochs):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss_fn(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            for name, (x, y) in everything.items():
                history[name].append(loss_fn(model(x), y).item())
    model.train()
    return history
