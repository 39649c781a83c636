"""A grid by a library that is there because another one needs it."""

import mpmath
import torch


def even_grid(start, end, steps, dtype=torch.float64):
    if steps < 1:
        raise ValueError(steps)
    if steps == 1:
        return torch.tensor([start], dtype=dtype)
    return torch.tensor([float(v) for v in mpmath.linspace(start, end, steps)], dtype=dtype)
