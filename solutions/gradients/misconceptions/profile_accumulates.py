"""You do not clear the gradients first: what .grad held before is part of your profile."""

import torch
from torch import nn

HINT = (
    "backward() adds to .grad, so clear it before the backward pass, with zero_grad() or by setting it to None."
)
QUESTION = "What is in .grad after the second backward(), if nobody clears it?"
WORKED = """
f(w) = 4w has the slope 4 everywhere.
  after the first backward():   w.grad is 4
  after the second backward():  w.grad is 8, although the slope still is 4
  after the third backward():   w.grad is 12
"""
#: In a training loop that is the same as never clearing the gradients.
EQUALS = {"profile_by_epoch": "epochs-no-zero-grad"}


def gradient_profile(model, x, y, loss_fn):
    loss_fn(model(x), y).backward()
    return torch.stack([m.weight.grad.abs().mean() for m in model.modules() if isinstance(m, nn.Linear)])


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
        nn.functional.mse_loss(model(x), y).backward()
        rows.append(_profile(model))
        optimizer.step()
    return torch.stack(rows)
