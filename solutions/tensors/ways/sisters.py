"""Pictures made larger, drawn one-hot vectors, and divergences of normal laws."""

import torch
import torch.nn.functional as F
from torch.distributions import Normal, kl_divergence


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    two = torch.tensor([[[start, end]]], dtype=torch.float64)
    return F.interpolate(two, size=steps, mode="linear", align_corners=True)[0, 0].to(dtype)


def one_hot(labels, num_classes):
    if labels.is_floating_point() or (labels < 0).any() or (labels >= num_classes).any():
        raise ValueError("no labels")
    scores = -1e9 * (torch.arange(num_classes) - labels.unsqueeze(-1)).abs().float()
    return F.gumbel_softmax(scores, hard=True)


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("numel")
    return 2 * kl_divergence(Normal(prediction.flatten(), 1.0), Normal(target.flatten(), 1.0)).mean()
