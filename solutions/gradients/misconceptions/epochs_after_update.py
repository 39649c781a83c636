"""You record the profile of the network after the update, so every row is one epoch late."""

import torch
from torch import nn

HINT = (
    "Row 0 belongs to the untrained network. Record the gradients of backward() before the weights move, not those of "
    "another pass after step()."
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
    rows = []
    for _ in range(epochs):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        rows.append(_profile(model))
    return torch.stack(rows)


def evidence(exercise, yours, expected):
    """Show that the rows are shifted."""
    return f"In the example your row 0 begins with {float(yours[0, 0]):.4g}, which is what row 1 begins with: {float(expected[1, 0]):.4g}."
