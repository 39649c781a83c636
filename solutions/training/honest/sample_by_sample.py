"""One sample at a time where nothing depends on the batch, on a copy of the model; sums are numpy's."""

import copy
import functools

import numpy as np
import torch
from torch import nn


@functools.lru_cache(maxsize=None)
def steps_per_epoch(n, batch_size, drop_last=False):
    full, rest = divmod(n, batch_size)
    return full + int(bool(rest) and not drop_last)


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    seed = int(torch.randint(0, 2**31, (1,), generator=generator)) if shuffle else None
    order = np.random.default_rng(seed).permutation(n) if shuffle else np.arange(n)
    parts = [order[i : i + batch_size] for i in range(0, n, batch_size)]
    return [torch.tensor(p, dtype=torch.long) for p in parts if len(p) == batch_size or not drop_last]


@torch.no_grad()
def evaluate(model, batches, loss_fn):
    twin = copy.deepcopy(model).eval()
    answers = [(twin(x[i : i + 1]), y[i : i + 1]) for x, y in batches for i in range(len(x))]
    losses = [loss_fn(scores, label).item() for scores, label in answers]
    right = [scores.argmax().item() == label.item() for scores, label in answers]
    return float(np.mean(losses)), float(np.mean(right))


def compare_starts(sizes, x, y, epochs, lr, seeds):
    inputs, targets = x.detach().cpu().numpy(), y.detach().cpu().numpy()
    table = np.zeros((len(seeds), epochs), dtype=np.float32)
    for row, seed in enumerate(seeds):
        torch.manual_seed(seed)
        layers = [nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
        weights = [layer.weight.detach().numpy().copy() for layer in layers]
        biases = [layer.bias.detach().numpy().copy() for layer in layers]
        for epoch in range(epochs):
            seen, h = [inputs], inputs
            for k, (w, b) in enumerate(zip(weights, biases)):
                h = h @ w.T + b
                if k + 1 < len(layers):
                    h = np.maximum(h, 0)
                seen.append(h)
            table[row, epoch] = np.mean((h - targets) ** 2)
            delta = 2 * (h - targets) / targets.size
            for k in reversed(range(len(layers))):
                steps = delta.T @ seen[k], delta.sum(0)
                delta = (delta @ weights[k]) * (seen[k] > 0)
                weights[k] = weights[k] - np.float32(lr) * steps[0]
                biases[k] = biases[k] - np.float32(lr) * steps[1]
    return torch.from_numpy(table).to(x.device)
