"""You standardize each row by itself, not each column."""

import torch

HINT = "A row is a sample, a column is a quantity with a unit. Which dimension has to go when the mean is taken?"


def _rows(x):
    deviation = x.std(1, correction=0, keepdim=True)
    return (x - x.mean(1, keepdim=True)) / torch.where(deviation == 0, torch.ones_like(deviation), deviation)


def standardize(train, test):
    return _rows(train), _rows(test)


def evidence(exercise, yours, expected):
    """Compare one number of the example."""
    return f"In the example your training data begin with {yours[0][0, 0].item():.4g}; they should begin with {expected[0][0, 0].item():.4g}."
