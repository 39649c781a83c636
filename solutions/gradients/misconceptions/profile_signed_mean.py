"""You take the mean of the gradients with their signs."""

import torch
from torch import nn

HINT = (
    "Gradients of both signs cancel in a mean, so a layer with large ones may seem to have none. Take the absolute "
    "values first, then the mean."
)


def _profile(model):
    return torch.stack([m.weight.grad.mean() for m in model.modules() if isinstance(m, nn.Linear)])


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
