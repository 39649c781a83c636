"""You keep windows that are cut off at the right or at the bottom."""

import torch

HINT = (
    "Only full windows count: what is left over at the end is not used. How many full windows are there? "
    "output_size knows it."
)


def pool2d(x, kernel_size, mode="max", stride=None):
    if mode not in ("max", "avg"):
        raise ValueError(mode)
    step = kernel_size if stride is None else stride
    rows = []
    for i in range(0, x.shape[2], step):
        row = []
        for j in range(0, x.shape[3], step):
            window = x[:, :, i : i + kernel_size, j : j + kernel_size]
            row.append(window.amax((2, 3)) if mode == "max" else window.mean((2, 3)))
        rows.append(torch.stack(row, -1))
    return torch.stack(rows, -2)


def evidence(exercise, yours, expected):
    """Compare the values of the public example."""
    if type(yours) is not type(expected) or not yours:
        return None
    places = [i for i in range(3) if yours[i] != expected[i]]
    if not places:
        return None
    i = places[0]
    return f"In the example your result number {i + 1} is {yours[i]} where {expected[i]} is expected."
