"""You count the gradients of biases too."""

import torch
from torch import nn

HINT = (
    "The profile is about weights: a layer's biases are parameters of their own, with gradients that do not depend on "
    "the layer's input. model.parameters() gives both."
)
EDITS = {
    "profile_by_epoch": [
        ("X_.weight.grad", "torch.cat([p.grad.flatten() for p in (X_.weight, X_.bias) if p is not None])")
    ],
}


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
