"""Walks through the model by recursion, and watches by replacing forward for a while."""

import functools
import math
import operator

import torch


def fans(weight):
    match list(weight.size()):
        case [out, inp, *kernel]:
            k = functools.reduce(operator.mul, kernel, 1)
            return (inp * k, out * k)
        case dims:
            raise ValueError(f"a weight of {len(dims)} dimensions has no fans")


@torch.no_grad()
def xavier_uniform_(weight, gain=1.0, generator=None):
    bound = gain * math.sqrt(3) * math.sqrt(2 / sum(fans(weight)))
    return weight.uniform_(generator=generator).sub_(0.5).mul_(2 * bound)


@torch.no_grad()
def xavier_normal_(weight, gain=1.0, generator=None):
    weight.normal_(generator=generator)
    weight *= gain / math.sqrt(sum(fans(weight)) / 2)
    return weight


@torch.no_grad()
def init_xavier(model, gain=1.0):
    if isinstance(model, (torch.nn.Linear, torch.nn.Conv2d)):
        xavier_uniform_(model.weight, gain)
        if model.bias is not None:
            model.bias *= 0
    for child in model.children():
        init_xavier(child, gain)
    return model


@torch.no_grad()
def zero_init(model):
    for p in model.parameters(recurse=False):
        p.mul_(0)
    for child in model.children():
        zero_init(child)
    return model


def rows_identical(weight, atol=0.0):
    if len(weight) < 2:
        return True
    first, second, *rest = weight
    if torch.max(torch.abs(first - second)) > atol:
        return False
    return rows_identical(torch.stack([first, *rest]), atol)


def _linears(model):
    found = [model] if isinstance(model, torch.nn.Linear) else []
    for child in model.children():
        found += [m for m in _linears(child) if all(m is not f for f in found)]
    return found


def _outputs(model, x):
    seen = []

    def watched(layer):
        plain = layer.forward

        def forward(value):
            out = plain(value)
            seen.append(out)
            return out

        return forward

    layers = _linears(model)
    for layer in layers:
        layer.forward = watched(layer)
    try:
        return model(x), seen
    finally:
        for layer in layers:
            del layer.forward


def forward_variances(model, x):
    _, seen = _outputs(model, x)
    return [(o - o.mean()).square().mean().item() for o in seen]


def backward_variances(model, x):
    y, seen = _outputs(model, x)
    # The gradient of half the sum of squares at y is y.
    grads = torch.autograd.grad(y, seen, grad_outputs=y.detach())
    return [(g - g.mean()).square().mean().item() for g in grads]


def glorot_ratio(variances):
    ordered = sorted(variances)
    return ordered[-1] / ordered[0]
