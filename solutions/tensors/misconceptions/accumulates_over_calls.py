"""Your second call with the same inputs gives another answer than the first."""

HINT = (
    "Something outlives the call: a global variable, or a list as a default argument, which is made once and changed by "
    "every call. Keep all state inside the function."
)

import torch


def even_grid(start, end, steps, dtype=torch.float64, points=[]):
    if steps < 1:
        raise ValueError("at least one point")
    for i in range(steps):
        points.append(start + i * (end - start) / max(steps - 1, 1))
    return torch.tensor(points, dtype=dtype)


_squares = []


def mean_squared_error(prediction, target):
    if prediction.numel() != target.numel():
        raise ValueError("other numbers of elements")
    for p, t in zip(prediction.flatten(), target.flatten()):
        _squares.append((p - t) ** 2)
    return torch.stack(_squares).mean()
