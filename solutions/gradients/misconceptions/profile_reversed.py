"""Your profile is in reverse: the last layer comes first."""

import torch
from torch import nn

HINT = (
    "Gradients are computed from the last layer to the first; the profile is in the order of the layers, as "
    "named_modules() gives them."
)


def _profile(model):
    found = [m.weight.grad.abs().mean() for m in model.modules() if isinstance(m, nn.Linear)]
    return torch.stack(found[::-1])


def gradient_profile(model, x, y, loss_fn):
    model.zero_grad()
    loss_fn(model(x), y).backward()
    return _profile(model)


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
        rows.append(_profile(model))
        optimizer.step()
    return torch.stack(rows)
