"""numpy draws and measures; a torch generator only gives it a seed."""

import numpy as np
import torch
from torch import nn


def _source(generator):
    if generator is None:
        return np.random.default_rng()
    seed = torch.randint(0, 2**62, (1,), generator=generator, device=generator.device).item()
    return np.random.default_rng(seed)


def _write(weight, numbers):
    with torch.no_grad():
        weight.copy_(torch.from_numpy(numbers))
    return weight


def fans(weight):
    shape = np.array(weight.shape)
    if shape.size < 2:
        raise ValueError("too few dimensions")
    kernel = int(shape[2:].prod()) if shape.size > 2 else 1
    return int(shape[1]) * kernel, int(shape[0]) * kernel


def xavier_uniform_(weight, gain=1.0, generator=None):
    a = gain * np.sqrt(6 / np.sum(fans(weight)))
    return _write(weight, _source(generator).uniform(-a, a, size=tuple(weight.shape)))


def xavier_normal_(weight, gain=1.0, generator=None):
    std = gain * np.sqrt(2 / np.sum(fans(weight)))
    return _write(weight, _source(generator).normal(0, std, size=tuple(weight.shape)))


def init_xavier(model, gain=1.0):
    layers = filter(lambda m: isinstance(m, (nn.Linear, nn.Conv2d)), model.modules())
    for layer in layers:
        xavier_uniform_(layer.weight, gain)
        if layer.bias is not None:
            _write(layer.bias, np.zeros(tuple(layer.bias.shape)))
    return model


def zero_init(model):
    for p in model.parameters():
        _write(p, np.zeros(tuple(p.shape)))
    return model


def rows_identical(weight, atol=0.0):
    w = weight.detach().cpu().numpy()
    return np.all(np.abs(w - w[0]) <= atol)


def forward_variances(model, x):
    seen = []
    handles = [
        m.register_forward_hook(lambda _m, _i, o: seen.append(o.detach().cpu().numpy()))
        for m in model.modules()
        if isinstance(m, nn.Linear)
    ]
    try:
        model(x)
    finally:
        for h in handles:
            h.remove()
    return [((a - a.mean()) ** 2).mean().item() for a in seen]


def glorot_ratio(variances):
    return np.max(variances) / np.min(variances)
