"""All your rows are one and the same tensor, so each shows the last epoch."""

import torch
from torch import nn

HINT = (
    "A list of tensors holds references. Whoever writes into one tensor in each epoch and appends it gets the last "
    "state in every row: append a clone()."
)


def _profile(model):
    return torch.stack([m.weight.grad.abs().mean() for m in model if isinstance(m, nn.Linear)])


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    kind = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    layers = []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Linear(i, o), kind()]
    model = nn.Sequential(*layers[:-1]).to(x.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    rows, row = [], torch.zeros(len(sizes) - 1, device=x.device)
    for _ in range(epochs):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        row.copy_(_profile(model))
        rows.append(row)
        optimizer.step()
    return torch.stack(rows)


def evidence(exercise, yours, expected):
    """Show that the first row is the last one."""
    return f"In the example your row 0 begins with {float(yours[0, 0]):.4g}, as the last row does; {float(expected[0, 0]):.4g} is due."
