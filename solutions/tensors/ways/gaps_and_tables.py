"""Gaps that are filled, cross tables, and all distances of two sets."""

import numpy as np
import torch


def even_grid(start, end, steps, dtype=torch.float64):
    import pandas

    if steps < 1:
        raise ValueError(steps)
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    points = pandas.Series([start, *[None] * (steps - 2), end], dtype="float64")
    return torch.tensor(list(points.interpolate()), dtype=dtype)


def one_hot(labels, num_classes):
    import pandas

    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    classes = [*labels.flatten().tolist(), *range(num_classes)]
    table = pandas.crosstab(np.arange(len(classes)), classes).to_numpy()
    return torch.tensor(table[: labels.numel()], dtype=torch.float32).reshape(*labels.shape, num_classes)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    return (torch.cdist(prediction.reshape(-1, 1), target.reshape(-1, 1)).diagonal() ** 2).mean()
