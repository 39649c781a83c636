"""Your second call with the same inputs gives another answer than the first."""

import torch

HINT = (
    "Something outlives the call: a global variable, a default argument that is changed, or a list kept on the "
    "function. Keep all state inside the function."
)


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None, batches=[]):
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    for start in range(0, n, batch_size):
        batch = order[start : start + batch_size]
        if len(batch) == batch_size or not drop_last:
            batches.append(batch)
    return list(batches)


_counts = {"right": 0, "all": 0}


def accuracy(scores, labels):
    _counts["right"] += int((scores.argmax(1) == labels.reshape(-1)).sum())
    _counts["all"] += len(labels)
    return _counts["right"] / _counts["all"]


def evaluate(model, batches, loss_fn, measured=[]):
    flags = {module: module.training for module in model.modules()}
    model.eval()
    try:
        with torch.no_grad():
            for x, y in batches:
                scores = model(x)
                right = (scores.argmax(1) == y.reshape(-1)).sum().item()
                measured.append((loss_fn(scores, y).item() * len(y), right, len(y)))
    finally:
        for module, flag in flags.items():
            module.training = flag
    total, right, count = (sum(column) for column in zip(*measured))
    return total / count, right / count


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0, history={"train": [], "test": []}):
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
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
    return {name: list(values) for name, values in history.items()}
