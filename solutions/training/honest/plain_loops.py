"""Step by step, with plain loops, prints and many names."""

import random

import torch
import torch.nn as nn


def steps_per_epoch(n, batch_size, drop_last=False):
    steps = 0
    seen = 0
    while seen + batch_size <= n:
        seen = seen + batch_size
        steps = steps + 1
    if seen < n and not drop_last:
        steps = steps + 1
    return steps


def polynomial_data(n, weights, bias=0.0, degree=1, noise=0.0, generator=None):
    x = torch.zeros(n, len(weights))
    x.normal_(generator=generator)
    y = torch.full((n, 1), float(bias))
    for j in range(len(weights)):
        y[:, 0] = y[:, 0] + weights[j] * x[:, j] ** degree
    y = y + torch.randn(n, 1, generator=generator) * noise
    print("made", n, "samples")
    return x, y


def split(x, y, rate=0.7, generator=None):
    n = x.shape[0]
    number = int(n * rate)
    # Draw one index after the other out of those that are left.
    left = list(range(n))
    chosen = []
    while len(chosen) < number:
        place = torch.randint(len(left), (1,), generator=generator).item()
        chosen.append(left.pop(place))
    train = torch.tensor(chosen, dtype=torch.long, device=x.device)
    test = torch.tensor(left, dtype=torch.long, device=x.device)
    return x[train], y[train], x[test], y[test]


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    indices = [i for i in range(n)]
    if shuffle:
        seed = int(torch.randint(2**31, (1,), generator=generator))
        random.Random(seed).shuffle(indices)
    result = []
    batch = []
    for i in indices:
        batch.append(i)
        if len(batch) == batch_size:
            result.append(torch.tensor(batch))
            batch = []
    if len(batch) > 0 and not drop_last:
        result.append(torch.tensor(batch))
    return result


def accuracy(scores, labels):
    right = 0
    for i in range(scores.shape[0]):
        best = 0
        for c in range(scores.shape[1]):
            if scores[i, c] > scores[i, best]:
                best = c
        if labels[i].item() == best:
            right += 1
    return right / scores.shape[0]


def train_epoch(model, batches, loss_fn, updater):
    model.train()
    sum_of_losses = 0.0
    number_right = 0
    number = 0
    for batch in batches:
        x = batch[0]
        y = batch[1]
        for p in model.parameters():
            p.grad = None
        prediction = model(x)
        loss = loss_fn(prediction, y)
        sum_of_losses += float(loss) * x.shape[0]
        for row in range(x.shape[0]):
            if prediction[row].argmax() == y[row]:
                number_right += 1
        number += x.shape[0]
        if isinstance(updater, torch.optim.Optimizer):
            loss.backward()
            updater.step()
        else:
            loss.backward()
            for p in model.parameters():
                if p.grad is not None:
                    p.grad *= x.shape[0]
            updater(x.shape[0])
        print("loss", loss.item())
    return sum_of_losses / number, number_right / number


def evaluate(model, batches, loss_fn):
    modules = list(model.modules())
    modes = []
    for m in modules:
        modes.append(m.training)
    sum_of_losses, number_right, number = 0.0, 0, 0
    try:
        model.eval()
        for x, y in batches:
            with torch.no_grad():
                prediction = model(x)
                loss = loss_fn(prediction, y)
            sum_of_losses += loss.item() * x.size(0)
            number_right += int((torch.max(prediction, 1)[1] == y).sum())
            number += x.size(0)
    finally:
        for m, mode in zip(modules, modes):
            m.training = mode
    return sum_of_losses / number, number_right / number


def accumulated_gradient(model, batches, loss_fn):
    names, params = [], []
    for name, p in model.named_parameters():
        if p.requires_grad:
            names.append(name)
            params.append(p)
    number = 0
    sums = [0.0] * len(params)
    for x, y in batches:
        loss = loss_fn(model(x), y) * x.shape[0]
        grads = torch.autograd.grad(loss, params)
        for i in range(len(params)):
            sums[i] = sums[i] + grads[i]
        number += x.shape[0]
    result = {}
    for i in range(len(params)):
        result[names[i]] = sums[i] / number
    return result


def lr_at(epoch, base, step_size, gamma, warmup=0):
    if warmup > 0 and epoch < warmup:
        return (epoch + 1) * base / float(warmup)
    rate = float(base)
    for _ in range((epoch - warmup) // step_size):
        rate = rate * gamma
    return rate


def fit(model, train, test, loss_fn, epochs, lr, momentum=0.0):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    train_losses = []
    test_losses = []
    for epoch in range(epochs):
        model.train()
        for x, y in train:
            opt.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
        model.eval()
        total = 0.0
        number = 0
        for x, y in train:
            with torch.no_grad():
                total += loss_fn(model(x), y).item() * len(x)
            number += len(x)
        train_losses.append(total / number)
        total = 0.0
        number = 0
        for x, y in test:
            with torch.no_grad():
                total += loss_fn(model(x), y).item() * len(x)
            number += len(x)
        test_losses.append(total / number)
        model.train()
        print(epoch, train_losses[-1], test_losses[-1])
    return {"train": train_losses, "test": test_losses}


def compare_starts(sizes, x, y, epochs, lr, seeds):
    result = torch.zeros(len(seeds), epochs, device=x.device)
    for row in range(len(seeds)):
        torch.manual_seed(seeds[row])
        model = nn.Sequential()
        for k in range(len(sizes) - 1):
            model.append(nn.Linear(sizes[k], sizes[k + 1]))
            if k < len(sizes) - 2:
                model.append(nn.ReLU())
        model.to(x.device)
        for epoch in range(epochs):
            model.zero_grad()
            loss = ((model(x) - y) ** 2).sum() / y.numel()
            loss.backward()
            result[row, epoch] = loss.item()
            for p in model.parameters():
                p.data = p.data - lr * p.grad
    return result


def snapshot(model):
    copies = {}
    for name in model.state_dict():
        copies[name] = model.state_dict()[name].clone()
    return copies
