"""Straight lines between two points, by numpy; a table of vectors by a law; the density of a normal law."""

import numpy as np
import torch
from torch.distributions import Normal, OneHotCategorical


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    return torch.from_numpy(np.interp(np.arange(steps), [0, steps - 1], [start, end])).to(dtype)


def one_hot(labels, num_classes):
    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    vectors = OneHotCategorical(probs=torch.ones(num_classes)).enumerate_support()
    return torch.nn.functional.embedding(labels, vectors)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    p, t = prediction.flatten(), target.flatten()
    law = Normal(t, torch.ones_like(t))
    return -2 * (law.log_prob(p) - law.log_prob(t)).mean()
