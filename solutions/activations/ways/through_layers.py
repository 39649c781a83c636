"""Layers and functions that have an activation inside: cells, attention, losses, distributions."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def sigmoid(x):
    # The forget gate of a cell whose other weights are zero.
    cell = nn.LSTMCell(1, 1).to(x)
    with torch.no_grad():
        for p in cell.parameters():
            p.zero_()
        cell.weight_ih[1] = 1.0
    column = x.reshape(-1, 1)
    return cell(column, (torch.zeros_like(column), torch.ones_like(column)))[1].reshape(x.shape)


def softplus(x):
    return F.soft_margin_loss(x, -torch.ones_like(x), reduction="none")


def softmax(x, dim):
    rows = x.movedim(dim, -1)
    n = rows.shape[-1]
    one = torch.eye(n).to(x).expand(*rows.shape[:-1], n, n)
    q = rows.unsqueeze(-2) * n**0.5
    return F.scaled_dot_product_attention(q, one, one).squeeze(-2).movedim(-1, dim)


def log_softmax(x, dim):
    from torch.distributions import Categorical

    return Categorical(logits=x.movedim(dim, -1)).logits.movedim(-1, dim)


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError
    total = np.logaddexp.reduce(scores.detach().numpy(), axis=1)
    return (torch.from_numpy(total) - scores.gather(1, labels[:, None])[:, 0]).mean()
