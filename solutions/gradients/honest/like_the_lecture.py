"""Short, as it stands on slides: one cell, pyplot's state, the library's helpers."""

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn, optim


def sigmoid_grad(x):
    s = x.sigmoid()
    return s - s.square()


def tanh_grad(x):
    return 1 / torch.cosh(x.clamp(-300, 300)).square() if x.dtype == torch.float64 else 1 - x.tanh().pow(2)


def relu_grad(x):
    return (torch.sign(x) + 1) / 2


def chain_gradient(x, weights, activation, upstream=1.0):
    # Double-precision tensors; forward values kept, backward in one sweep.
    t = lambda v: torch.tensor(v, dtype=torch.float64)
    act = getattr(torch, activation)
    d = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2, "relu": lambda h: (h > 0).double()}[activation]
    h = [t(x)]
    for w in weights[:-1]:
        h.append(act(t(w) * h[-1]))
    g, delta = [], t(upstream)
    for w, v in zip(weights[::-1], h[::-1]):
        g = [(delta * v).item(), *g]
        delta = delta * w * d(v)
    return g


def vanishing_bound(x, weights, upstream=1.0):
    w = torch.tensor(weights[1:], dtype=torch.float64)
    return (abs(upstream * x) * w.abs().prod() / 4 ** len(w)).item()


def linear_gradients(model):
    if any(m.weight.grad is None for m in model.modules() if isinstance(m, nn.Linear)):
        raise RuntimeError("run backward first")
    return {n: m.weight.grad.detach().clone() for n, m in model.named_modules() if isinstance(m, nn.Linear)}


def gradient_profile(model, x, y, loss_fn):
    optim.SGD(model.parameters(), lr=1.0).zero_grad()
    loss_fn(model(x), y).backward()
    return torch.stack([g.abs().mean() for g in linear_gradients(model).values()])


def vanishing_ratio(profile):
    return float(profile[0]) / float(profile[-1])


def diagnose(profile, low=1e-2, high=1e2):
    r = vanishing_ratio(profile) if torch.isfinite(profile).all() else float("inf")
    return "vanishing" if r < low else "stable" if r <= high else "exploding"


def weights_vp(model, att="grad"):
    assert_known = {"grad": True, "weight": True}
    if not assert_known.get(att):
        raise ValueError(att)
    lst = [m.weight.grad if att == "grad" else m.weight for m in model.modules() if isinstance(m, nn.Linear)]
    plt.violinplot([w.detach().cpu().numpy().flatten() for w in lst], points=60, widths=0.3)
    plt.xticks(range(1, len(lst) + 1))
    plt.xlabel("num_hidden")
    plt.title(att)
    return plt.gca()


def profile_by_epoch(activation, sizes, x, y, epochs, lr, seed):
    torch.manual_seed(seed)
    fcs = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]).to(x.device)
    opt, out = optim.SGD(fcs.parameters(), lr), []
    for _ in range(epochs):
        h = x
        for i, fc in enumerate(fcs):
            h = fc(h) if i == 0 else fc(getattr(F, activation)(h))
        opt.zero_grad()
        F.mse_loss(h, y).backward()
        opt.step()
        # step() leaves .grad as it was.
        out.append([fc.weight.grad.abs().mean().item() for fc in fcs])
    return torch.tensor(out, device=x.device)
