"""What cuts and shuffles data in torch, reached by other names."""

import functools
import importlib
import sys

import torch
from torch.utils.data import TensorDataset


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    data = functools.reduce(getattr, ["utils", "data", "data" + "loader"], torch)
    loader = data.DataLoader(range(n), batch_size, shuffle=shuffle, drop_last=drop_last, generator=generator)
    return list(loader)


def split(x, y, rate=0.7, generator=None):
    module = sys.modules["torch.utils.data." + "dataset"]
    k = int(len(x) * rate)
    parts = getattr(module, "random" + "_split")(TensorDataset(x, y), [k, len(x) - k], generator=generator)
    return tuple(t for part in parts for t in part.dataset[part.indices])


def lr_at(epoch, base, step_size, gamma, warmup=0):
    schedulers = importlib.import_module("torch.optim." + "lr_scheduler")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
    rule = schedulers.StepLR(optimizer, step_size, gamma)
    if epoch < warmup:
        return base * (epoch + 1) / warmup
    for _ in range(epoch - warmup):
        optimizer.step()
        rule.step()
    return float(optimizer.param_groups[0]["lr"])
