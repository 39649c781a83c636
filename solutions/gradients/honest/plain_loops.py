"""Step by step, with plain loops, prints and plt calls."""

import math
import warnings

import matplotlib.pyplot as plt
import torch
import torch.nn as nn


def sigmoid_grad(x):
    s = 1 / (1 + torch.exp(-x.clamp(-500, 500))) if x.dtype == torch.float64 else torch.sigmoid(x)
    print("sigmoid at", x.shape)
    return s * (1 - s)


def tanh_grad(x):
    # 1/cosh² as an exponential of a negative number.
    e = torch.exp(-2 * x.abs())
    return 4 * e / (1 + e) ** 2


def relu_grad(x):
    result = torch.zeros_like(x)
    result[x > 0] = 1
    return result


def _f(name, z):
    if name == "sigmoid":
        return 1.0 / (1.0 + math.exp(-z))
    if name == "tanh":
        return math.tanh(z)
    if name == "relu":
        return z if z > 0 else 0.0
    raise ValueError(name)


def _df(name, z):
    if name == "sigmoid":
        return _f(name, z) * (1.0 - _f(name, z))
    if name == "tanh":
        return 1.0 - math.tanh(z) ** 2
    return 1.0 if z > 0 else 0.0


def chain_gradient(x, weights, activation, upstream=1.0):
    n = len(weights)
    h = [x]
    z = [None]
    for i in range(1, n):
        z.append(weights[i - 1] * h[i - 1])
        h.append(_f(activation, z[i]))
    out = []
    for i in range(1, n + 1):
        # Each product anew, straight from the formula.
        g = upstream * h[i - 1]
        for j in range(i, n):
            g = g * _df(activation, z[j]) * weights[j]
        out.append(g)
    return out


def vanishing_bound(x, weights, upstream=1.0):
    product = 1.0
    for i, w in enumerate(weights):
        if i == 0:
            continue
        product = product * abs(w)
    print("the product of the weights is", product)
    return abs(upstream) * abs(x) * product * (1 / 4) ** (len(weights) - 1)


def linear_gradients(model):
    gradients = {}
    for name, module in model.named_modules():
        if type(module) is nn.Linear:
            if module.weight.grad is None:
                warnings.warn("a gradient is missing")
                raise RuntimeError(f"Layer {name} has no gradient yet, call backward first")
            gradients[name] = module.weight.grad.clone().detach()
    return gradients


def gradient_profile(model, x, y, loss_fn):
    model.zero_grad(set_to_none=False)
    output = model(x)
    loss = loss_fn(output, y)
    loss.backward()
    means = []
    for module in model.modules():
        if isinstance(module, nn.Linear):
            means.append(module.weight.grad.abs().sum() / module.weight.numel())
    profile = torch.zeros(len(means), dtype=means[0].dtype, device=means[0].device)
    for i in range(len(means)):
        profile[i] = means[i]
    model.zero_grad()
    return profile


def vanishing_ratio(profile):
    first = profile[0].item()
    last = profile[len(profile) - 1].item()
    print(f"{first} / {last}")
    return first / last


def diagnose(profile, low=1e-2, high=1e2):
    for value in profile.tolist():
        if math.isnan(value) or math.isinf(value):
            return "exploding"
    ratio = profile[0].item() / profile[-1].item()
    if ratio < low:
        return "vanishing"
    elif ratio > high:
        return "exploding"
    else:
        return "stable"


def weights_vp(model, att="grad"):
    if att != "grad" and att != "weight":
        raise ValueError("only grad or weight")
    data = []
    for module in model.modules():
        if isinstance(module, nn.Linear):
            if att == "grad":
                data.append(module.weight.grad.flatten().tolist())
            else:
                data.append(module.weight.flatten().tolist())
    plt.figure()
    plt.violinplot(data, showextrema=False)
    plt.xticks(range(1, len(data) + 1))
    plt.xlabel("num_hidden")
    plt.ylabel("values")
    plt.title(att)
    return plt.gca()


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    modules = []
    for k in range(len(sizes) - 1):
        modules.append(nn.Linear(sizes[k], sizes[k + 1]))
        if k < len(sizes) - 2:
            if activation == "sigmoid":
                modules.append(nn.Sigmoid())
            elif activation == "tanh":
                modules.append(nn.Tanh())
            else:
                modules.append(nn.ReLU())
    model = nn.Sequential(*modules)
    model.to(x.device)
    result = torch.zeros(epochs, len(sizes) - 1, device=x.device)
    for epoch in range(epochs):
        model.zero_grad()
        loss = ((model(x) - y) ** 2).sum() / y.numel()
        loss.backward()
        column = 0
        for module in model:
            if isinstance(module, nn.Linear):
                result[epoch, column] = module.weight.grad.abs().mean()
                column = column + 1
        for parameter in model.parameters():
            parameter.data = parameter.data - lr * parameter.grad
        print(epoch, loss.item())
    return result
