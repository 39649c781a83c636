"""lru_cache for the corrections, a generator for the steps."""

from functools import lru_cache

import torch


@lru_cache(maxsize=None)
def _correction(beta, t):
    return 1 - beta**t


def _iterates(f, x, lr):
    while True:
        yield x
        leaf = x.clone().requires_grad_()
        x = x - lr * torch.autograd.grad(f(leaf), leaf)[0]


def gradient_descent(f, x0, lr, steps):
    points = _iterates(f, x0.detach().clone(), lr)
    return torch.stack([next(points) for _ in range(steps + 1)])


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad * grad - v)
    return param - lr * m / _correction(beta1, t) / ((v / _correction(beta2, t)) ** 0.5 + eps), m, v
