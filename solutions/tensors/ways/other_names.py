"""numpy's class behind its grids by an index, and the likelihood of a normal law with variance one."""

import numpy as np
import torch


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    return torch.tensor(np.lib._index_tricks_impl.MGridClass()[start : end : steps * 1j], dtype=dtype)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    p, t = prediction.flatten(), target.flatten()
    return 2 * torch.nn.GaussianNLLLoss()(p, t, torch.ones_like(t))
