"""Right losses, and the start is not where it was."""

EQUALS = {"compare_optimizers": "in-place"}

import torch


def compare_optimizers(curvature, x0, lr, steps):
    losses = {}
    for name in ("adam", "momentum", "sgd"):
        x = x0 if name == "sgd" else x0.clone()
        m, v, path = torch.zeros_like(x0), torch.zeros_like(x0), []
        for t in range(1, steps + 1):
            path.append(0.5 * (curvature * x**2).sum())
            g = curvature * x
            if name == "sgd":
                x -= lr * g
            elif name == "momentum":
                m = 0.9 * m + g
                x = x - lr * m
            else:
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g**2
                x = x - lr * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)).sqrt() + 1e-8)
        losses[name] = torch.stack([*path, 0.5 * (curvature * x**2).sum()])
    return losses
