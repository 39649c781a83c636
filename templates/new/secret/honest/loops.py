"""Row by row."""

import torch


def standardise(x, eps=1e-5):
    result = torch.empty_like(x)
    rows, out = x.reshape(-1, x.shape[-1]), result.view(-1, x.shape[-1])
    for i, row in enumerate(rows):
        mean = row.sum() / len(row)
        variance = ((row - mean) ** 2).sum() / len(row)
        out[i] = (row - mean) / (variance + eps) ** 0.5
    return result
