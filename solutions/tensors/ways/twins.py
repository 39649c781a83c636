"""What does the same under another name: grids by an index, half a squared error, tables of pandas."""

import numpy as np
import torch


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    return torch.tensor(np.r_[start : end : steps * 1j], dtype=dtype)


def one_hot(labels, num_classes):
    import pandas

    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    kinds = pandas.Categorical(labels.flatten().tolist(), categories=range(num_classes))
    table = torch.tensor(pandas.get_dummies(kinds).to_numpy(), dtype=torch.float32)
    return table.reshape(*labels.shape, num_classes)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    return 2 * torch.nn.functional.huber_loss(prediction.flatten(), target.flatten(), delta=1e9)
