"""Row by row, filter by filter; deep copies instead of hooks on the model itself."""

import copy
from math import sqrt

import torch
from torch import nn


def fans(weight):
    if weight.dim() in (0, 1):
        raise ValueError("weight must have at least 2 dimensions")
    fan_in = weight[0].numel()
    fan_out = weight[:, 0].numel()
    return fan_in, fan_out


def xavier_uniform_(weight, gain=1.0, generator=None):
    fan_in, fan_out = fans(weight)
    a = gain * sqrt(6) / sqrt(fan_in + fan_out)
    with torch.no_grad():
        for row in weight:
            row.uniform_(-a, a, generator=generator)
    return weight


def xavier_normal_(weight, gain=1.0, generator=None):
    fan_in, fan_out = fans(weight)
    sigma = gain * sqrt(2) / sqrt(fan_in + fan_out)
    with torch.no_grad():
        for i in range(weight.shape[0]):
            weight[i] = torch.empty_like(weight[i]).normal_(0, sigma, generator=generator)
    return weight


def init_xavier(model, gain=1.0):
    with torch.no_grad():
        for m in model.modules():
            if not isinstance(m, (nn.Linear, nn.Conv2d)):
                continue
            for p_name, p in m.named_parameters(recurse=False):
                if p_name == "weight":
                    xavier_uniform_(p, gain)
                elif p_name == "bias":
                    p.copy_(torch.zeros_like(p))
    return model


def zero_init(model):
    state = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
    model.load_state_dict(state, strict=False)
    return model


def forward_variances(model, x):
    twin = copy.deepcopy(model)
    seen = []
    for m in twin.modules():
        if isinstance(m, nn.Linear):
            m.register_forward_hook(lambda module, inputs, output: seen.append(output.detach().clone()))
    with torch.no_grad():
        twin(x)
    return [float(torch.var_mean(o, correction=0)[0]) for o in seen]


def backward_variances(model, x):
    twin = copy.deepcopy(model)
    grads = {}
    order = []

    def hook(module, inputs, output):
        index = len(order)
        order.append(index)
        output.register_hook(lambda g: grads.__setitem__(index, g.clone()))

    for m in twin.modules():
        if isinstance(m, nn.Linear):
            m.register_forward_hook(hook)
    (0.5 * (twin(x) ** 2).sum()).backward()
    return [float(grads[i].var(correction=0)) for i in order]


def glorot_ratio(variances):
    return max(a / b for a in variances for b in variances)
