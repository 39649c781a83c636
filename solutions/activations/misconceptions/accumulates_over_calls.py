"""Your second call with the same inputs, or a second layer, changes what the first one gave."""

import torch
from torch import nn

HINT = (
    "Something outlives the call: a global variable, a default argument that is changed, or an attribute of the class "
    "instead of the object. Keep all state in the call, and a layer's constants in self."
)


class ELU(nn.Module):
    def __init__(self, alpha=1.0, scale=1.0):
        super().__init__()
        ELU.alpha, ELU.scale = alpha, scale

    def forward(self, x):
        negative = self.alpha * torch.expm1(torch.clamp(x, max=0))
        return self.scale * torch.where(x > 0, x, negative)


_biases = {}


def collapse(weights, biases):
    weight, bias = weights[0], biases[0]
    for w, b in zip(weights[1:], biases[1:]):
        weight, bias = w @ weight, w @ bias + b
    bias = bias + _biases.get(bias.shape, 0)
    _biases[bias.shape] = bias
    return weight, bias


_counted = {"small": 0, "all": 0}


def saturated_fraction(activation, x, threshold):
    slopes = {
        "sigmoid": (1 - torch.tanh(x / 2) ** 2) / 4,
        "tanh": 1 - torch.tanh(x) ** 2,
        "relu": (x > 0).to(x.dtype),
        "leaky_relu": torch.where(x > 0, torch.ones_like(x), torch.full_like(x, 0.01)),
        "softplus": (1 + torch.tanh(x / 2)) / 2,
    }
    if activation not in slopes:
        raise ValueError(activation)
    _counted["small"] += int((slopes[activation] < threshold).sum())
    _counted["all"] += x.numel()
    return _counted["small"] / _counted["all"]


_losses = []


def cross_entropy(scores, labels):
    if labels.is_floating_point():
        raise TypeError("labels are whole numbers")
    if scores.dim() != 2 or labels.shape != scores.shape[:1]:
        raise ValueError("other shapes")
    loss = -log_softmax(scores, 1).gather(1, labels[:, None]).mean()
    _losses.append(loss.detach())
    return loss + sum(_losses[:-1])
