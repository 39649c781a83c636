"""Writes through .data, and lets the model apply a function to all its modules."""

import numpy as np
import torch


def fans(weight):
    if len(weight.shape) < 2:
        raise ValueError("fan_in and fan_out need at least a matrix")
    return int(np.prod(weight.shape[1:])), int(weight.shape[0] * np.prod(weight.shape[2:]))


def xavier_uniform_(weight, gain=1.0, generator=None):
    std = gain * (2 / sum(fans(weight))) ** 0.5
    weight.data.uniform_(-std * 3**0.5, std * 3**0.5, generator=generator)
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    weight.data.normal_(std=gain * (2 / sum(fans(weight))) ** 0.5, generator=generator)
    return weight


def init_xavier(model, gain=1.0):
    def visit(m):
        if type(m) in (torch.nn.Linear, torch.nn.Conv2d):
            xavier_uniform_(m.weight, gain)
            if m.bias is not None:
                m.bias.data.fill_(0.0)

    model.apply(visit)
    return model


def zero_init(model):
    for p in model.parameters():
        p.data = torch.zeros_like(p.data)
    return model


def rows_identical(weight, atol=0.0):
    return torch.allclose(weight, weight[:1].expand_as(weight), rtol=0.0, atol=atol)


def forward_variances(model, x):
    result = []

    def hook(module, args, output):
        values = output.detach().cpu().numpy()
        result.append(float(np.var(values)))

    hooks = [layer.register_forward_hook(hook) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    try:
        model(x)
    finally:
        [h.remove() for h in hooks]
    return result


def backward_variances(model, x):
    kept = []

    def hook(module, args, output):
        output.retain_grad()
        kept.append(output)

    hooks = [layer.register_forward_hook(hook) for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    before = [None if p.grad is None else p.grad.clone() for p in model.parameters()]
    try:
        loss = 0.5 * model(x).pow(2).sum()
    finally:
        [h.remove() for h in hooks]
    loss.backward()
    for p, g in zip(model.parameters(), before):
        p.grad = g
    return [float(np.var(o.grad.cpu().numpy())) for o in kept]


def glorot_ratio(variances):
    v = np.array(variances)
    return float(v.max() / v.min())
