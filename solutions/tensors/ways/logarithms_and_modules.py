"""The logarithm of a grid of powers, a function of pandas by its module, and the derivative of the loss."""

import torch


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    return torch.logspace(start, end, steps, base=2.0, dtype=torch.float64).log2().to(dtype)


def one_hot(labels, num_classes):
    import pandas
    from pandas.core.reshape import encoding

    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    kinds = pandas.Categorical(labels.flatten().tolist(), categories=range(num_classes))
    table = torch.tensor(encoding.get_dummies(kinds).to_numpy(), dtype=torch.float32)
    return table.reshape(*labels.shape, num_classes)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    p, t = prediction.flatten(), target.flatten()
    slope = torch.nn.functional.torch.ops.aten.mse_loss_backward(torch.ones_like(p), p, t, 0)
    return (slope * (p - t)).mean() / 2
