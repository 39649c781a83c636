"""Gradients required where they need not be, and detached at the end."""

import torch


def gradient_descent(f, x0, lr, steps):
    x = torch.nn.Parameter(x0.detach().clone())
    path = [x.detach().clone()]
    for _ in range(steps):
        x.grad = None
        with torch.enable_grad():
            f(x).backward()
        x.data -= lr * x.grad
        path.append(x.detach().clone())
    return torch.stack(path)


def momentum_step(param, grad, velocity, lr, momentum):
    param = param.detach().clone().requires_grad_()
    velocity = (velocity * momentum + grad).requires_grad_()
    return param - velocity * lr, velocity


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    p = param.detach().clone().requires_grad_()
    m = torch.stack([m * beta1, grad * (1 - beta1)]).sum(0)
    v = torch.stack([v * beta2, grad.square() * (1 - beta2)]).sum(0)
    return p - lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + eps), m, v
