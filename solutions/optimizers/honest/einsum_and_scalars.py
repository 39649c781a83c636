"""einsum for the losses, scalar factors folded together."""

import torch


def nesterov_step(param, grad, velocity, lr, momentum):
    new = torch.add(grad, velocity, alpha=momentum)
    return param - lr * grad - (lr * momentum) * new, new


def momentum_step(param, grad, velocity, lr, momentum):
    new = torch.add(grad, velocity, alpha=momentum)
    return torch.add(param, new, alpha=-lr), new


def compare_optimizers(curvature, x0, lr, steps):
    def loss(x):
        return 0.5 * torch.einsum("i,i,i->", curvature.flatten(), x.flatten(), x.flatten())

    result = {}
    x = x0.clone()
    rows = [loss(x)]
    for _ in range(steps):
        x = x * (1 - lr * curvature)
        rows.append(loss(x))
    result["sgd"] = torch.stack(rows)
    x, v = x0.clone(), torch.zeros_like(x0)
    rows = [loss(x)]
    for _ in range(steps):
        x, v = momentum_step(x, curvature * x, v, lr, 0.9)
        rows.append(loss(x))
    result["momentum"] = torch.stack(rows)
    x, m, v = x0.clone(), torch.zeros_like(x0), torch.zeros_like(x0)
    rows = [loss(x)]
    for t in range(1, steps + 1):
        x, m, v = adam_step(x, curvature * x, m, v, t, lr, 0.9, 0.999, 1e-8)  # noqa: F821
        rows.append(loss(x))
    result["adam"] = torch.stack(rows)
    return result
