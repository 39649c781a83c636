"""You count the gradients of biases too."""

import torch
from torch import nn

HINT = (
    "The profile is about weights: a layer's biases are parameters of their own, with gradients that do not depend on "
    "the layer's input. model.parameters() gives both."
)


def _profile(model):
    rows = []
    for m in model.modules():
        if isinstance(m, nn.Linear):
            both = [p.grad.flatten() for p in (m.weight, m.bias) if p is not None]
            rows.append(torch.cat(both).abs().mean())
    return torch.stack(rows)


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
