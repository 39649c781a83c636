"""What cuts batches inside of torch's loader of data."""

import torch
from torch.utils.data._utils.fetch import _IterableDatasetFetcher


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    order = torch.randperm(n, generator=generator) if shuffle else torch.arange(n)
    fetcher, found = _IterableDatasetFetcher(order.tolist(), True, torch.tensor, drop_last), []
    try:
        while True:
            found.append(fetcher.fetch(range(batch_size)))
    except StopIteration:
        return found


def split(x, y, rate=0.7, generator=None):
    from torch.utils.data import dataloader

    # The module of the loader has imported the class behind random_split's order.
    order = torch.tensor(list(dataloader.RandomSampler(range(len(x)), generator=generator)))
    k = int(len(x) * rate)
    return x[order[:k]], y[order[:k]], x[order[k:]], y[order[k:]]
