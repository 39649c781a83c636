"""The rising half of a window, tables of pandas, and the distance of two points."""

import torch
import torch.nn.functional as F


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    rising = torch.bartlett_window(2 * steps - 1, periodic=False, dtype=torch.float64)[:steps]
    return (start + (end - start) * rising).to(dtype)


def one_hot(labels, num_classes):
    import pandas

    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    # All classes once more at the end, so that each has a column.
    classes = [*labels.flatten().tolist(), *range(num_classes)]
    table = pandas.Series([f"{c:09}" for c in classes]).str.get_dummies().to_numpy()
    return torch.tensor(table[: labels.numel()], dtype=torch.float32).reshape(*labels.shape, num_classes)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    return F.pairwise_distance(prediction.flatten(), target.flatten(), eps=0.0) ** 2 / prediction.numel()
