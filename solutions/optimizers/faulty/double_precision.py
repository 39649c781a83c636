"""Right numbers, in float64 whatever came in."""

EQUALS = {"sgd_step": "dtype-lost", "compare_optimizers": "dtype-lost"}

import torch


def sgd_step(param, grad, lr):
    return (param - lr * grad).double()


def compare_optimizers(curvature, x0, lr, steps):
    losses = {}
    for name in ("sgd", "momentum", "adam"):
        x, m, v = x0.double(), torch.zeros_like(x0).double(), torch.zeros_like(x0).double()
        losses[name] = []
        for t in range(1, steps + 1):
            losses[name].append(0.5 * (curvature * x**2).sum())
            g = curvature * x
            if name == "sgd":
                x = x - lr * g
            elif name == "momentum":
                m = 0.9 * m + g
                x = x - lr * m
            else:
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g**2
                x = x - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
        losses[name] = torch.stack([*losses[name], 0.5 * (curvature * x**2).sum()])
    return losses
