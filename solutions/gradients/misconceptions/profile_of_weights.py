"""You average the weights, not their gradients."""

import torch
from torch import nn

HINT = "A parameter's value is the tensor itself; what backward() computed for it is in its .grad."
EDITS = {
    "profile_by_epoch": [("X_.weight.grad", "X_.weight.detach()")],
}


def _profile(model):
    return torch.stack([m.weight.detach().abs().mean() for m in model.modules() if isinstance(m, nn.Linear)])


def gradient_profile(model, x, y, loss_fn):
    model.zero_grad()
    loss_fn(model(x), y).backward()
    return _profile(model)
