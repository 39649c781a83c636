"""The other answer for everything."""

EQUALS = {"profile_by_epoch": "in-place"}

import torch
from torch import nn


def diagnose(profile, low=1e-2, high=1e2):
    return "vanishing"


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    # Right rows; the data are scaled on the way out.
    torch.manual_seed(seed)
    kind = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [nn.Linear(fan_in, fan_out), kind()]
    model = nn.Sequential(*layers[:-1]).to(x)
    rows = []
    for _ in range(epochs):
        weights = [m.weight for m in layers if isinstance(m, nn.Linear)]
        grads = torch.autograd.grad(nn.functional.mse_loss(model(x), y), list(model.parameters()))
        by_id = dict(zip(map(id, model.parameters()), grads))
        rows.append(torch.stack([by_id[id(w)].abs().mean() for w in weights]))
        with torch.no_grad():
            for p, g in zip(model.parameters(), grads):
                p -= lr * g
    x *= 0.5
    return torch.stack(rows)
