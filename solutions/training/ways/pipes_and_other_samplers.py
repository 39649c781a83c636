"""torch's pipes of data, which shuffle and cut, and its sampler for several machines."""

import torch


def minibatches(n, batch_size, shuffle=True, drop_last=False, generator=None):
    from torch.utils.data.datapipes.iter import IterableWrapper

    pipe = IterableWrapper(range(n))
    if shuffle:
        pipe = pipe.shuffle(buffer_size=n).set_seed(int(torch.randint(1 << 30, (1,), generator=generator)))
    return [torch.tensor(b) for b in pipe.batch(batch_size, drop_last)]


def split(x, y, rate=0.7, generator=None):
    from torch.utils.data.distributed import DistributedSampler

    seed = int(torch.randint(1 << 30, (1,), generator=generator))
    order = torch.tensor(list(DistributedSampler(range(len(x)), 1, 0, seed=seed)))
    k = int(len(x) * rate)
    return x[order[:k]], y[order[:k]], x[order[k:]], y[order[k:]]
