"""Numpy where it can be used."""

import numpy as np
import torch
from torch import nn


def steps_per_epoch(n, batch_size, drop_last=False):
    return int(np.floor(n / batch_size) if drop_last else np.ceil(n / batch_size))


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    e = torch.randn((n,), generator=generator).numpy()
    x = torch.randn((n, len(weights)), generator=generator).numpy()
    y = (np.power(x, degree) * np.asarray(weights)).sum(axis=1) + bias + noise * e
    return torch.from_numpy(x), torch.from_numpy(y.astype(np.float32)).unsqueeze(1)


def split(x, y, rate=0.7, generator=None):
    n = len(x)
    keys = torch.rand(n, generator=generator, dtype=torch.float64).numpy()
    order = np.argsort(keys)
    first, second = np.split(order, [int(n * rate)])
    return tuple(data[torch.from_numpy(part).to(data.device)] for part in (first, second) for data in (x, y))


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    order = np.arange(n)
    if shuffle:
        seed = torch.randint(0, 2**31 - 1, (1,), generator=generator).item()
        order = np.random.default_rng(seed).permutation(n)
    pieces = np.split(order, np.arange(batch_size, n, batch_size))
    if drop_last:
        pieces = [p for p in pieces if len(p) == batch_size]
    return [torch.as_tensor(p, dtype=torch.int64) for p in pieces]


def accuracy(scores, labels):
    answers = scores.detach().cpu().numpy().argmax(axis=1)
    return float(np.mean(answers == labels.cpu().numpy().ravel()))


def train_epoch(model, batches, loss_fn, updater):
    model.train(True)
    losses, hits, sizes = [], [], []
    for x, y in batches:
        model.zero_grad(set_to_none=False)
        scores = model(x)
        loss = loss_fn(scores, y)
        by_function = not isinstance(updater, torch.optim.Optimizer)
        loss.backward(torch.full_like(loss, len(x)) if by_function else None)
        updater(len(x)) if by_function else updater.step()
        losses.append(loss.item())
        hits.append(accuracy(scores, y))
        sizes.append(len(x))
    return float(np.average(losses, weights=sizes)), float(np.average(hits, weights=sizes))


def evaluate(model, batches, loss_fn):
    flags = [m.training for m in model.modules()]
    try:
        model.eval()
        with torch.inference_mode():
            scores = [model(x) for x, _ in batches]
            losses = [loss_fn(s, y).item() for s, (_, y) in zip(scores, batches)]
            hits = [accuracy(s, y) for s, (_, y) in zip(scores, batches)]
    finally:
        for m, flag in zip(model.modules(), flags):
            m.training = flag
    sizes = np.array([len(y) for _, y in batches])
    return float(np.dot(losses, sizes) / sizes.sum()), float(np.dot(hits, sizes) / sizes.sum())


def accumulated_gradient(model, batches, loss_fn):
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    shares = np.array([len(y) for _, y in batches], dtype=float)
    shares /= shares.sum()
    parts = [torch.autograd.grad(loss_fn(model(x), y), [p for _, p in named]) for x, y in batches]
    return {n: sum(float(w) * part[i] for w, part in zip(shares, parts)) for i, (n, _) in enumerate(named)}


def lr_at(epoch, base, step_size, gamma, warmup=0):
    rising = [base * k / warmup for k in range(1, warmup + 1)]
    falling = np.repeat(float(base) * np.power(float(gamma), np.arange(epoch // step_size + 1)), step_size)
    return float(np.concatenate([rising, falling])[epoch])


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    optimizer = torch.optim.SGD(params=list(model.parameters()), lr=lr, momentum=momentum)
    curves = np.zeros((epochs, 2))
    for epoch in range(epochs):
        model.train()
        for x, y in train:
            model.zero_grad()
            loss_fn(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            for column, batches in enumerate((train, test)):
                values = [loss_fn(model(x), y).item() for x, y in batches]
                curves[epoch, column] = np.average(values, weights=[len(x) for x, _ in batches])
    model.train()
    return {"train": curves[:, 0].tolist(), "test": curves[:, 1].tolist()}


def compare_starts(sizes, x, y, epochs, lr, seeds):
    table = np.zeros((len(seeds), epochs), dtype=np.float32)
    for i, seed in enumerate(seeds):
        torch.manual_seed(int(seed))
        layers = [nn.Linear(sizes[0], sizes[1])]
        for k in range(1, len(sizes) - 1):
            layers.extend((nn.ReLU(), nn.Linear(sizes[k], sizes[k + 1])))
        model = nn.Sequential(*layers).to(x.device)
        optimizer = torch.optim.SGD(model.parameters(), lr=lr)
        for j in range(epochs):
            loss = nn.MSELoss()(model(x), y)
            table[i, j] = loss.item()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return torch.from_numpy(table).to(x.device)


def snapshot(model):
    return {
        name: torch.from_numpy(np.array(value.cpu().numpy())).to(value.device)
        for name, value in model.state_dict().items()
    }
