"""You change an input tensor in place."""

from __future__ import annotations

import torch

HINT = (
    "Operations that end in _ and assignments such as += write into the tensor that the caller still "
    "holds. Make a new one: p = p − …, or work on p.clone()."
)
QUESTION = "Which tensors does whoever called your function still hold, and what do they hold after the call?"
WORKED = """
`total += x` and `total = total + x` look alike. With total = [1, 2] and x = [10, 10]:
  total = total + x   makes a new list of numbers [11, 12]; who holds the old one still reads [1, 2].
  total += x          writes into the old one; whoever gave it to you now reads [11, 12].
Methods of torch that end in _ write as += does.
"""


def gradient_descent(f, x0, lr, steps):
    x = x0.detach()  # shares its memory with x0
    path = [x.clone()]
    for _ in range(steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        x -= lr * g
        path.append(x.clone())
    return torch.stack(path)


def sgd_step(param, grad, lr):
    param -= lr * grad
    return param


def momentum_step(param, grad, velocity, lr, momentum):
    velocity.mul_(momentum).add_(grad)
    return param - lr * velocity, velocity


def nesterov_step(param, grad, velocity, lr, momentum):
    velocity.mul_(momentum).add_(grad)
    return param - lr * (grad + momentum * velocity), velocity


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum += grad**2
    return param - lr * grad / (square_sum.sqrt() + eps), square_sum


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
    return param - lr * grad / (square_avg.sqrt() + eps), square_avg


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg.mul_(rho).addcmul_(grad, grad, value=1 - rho)
    delta = (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    delta_avg.mul_(rho).addcmul_(delta, delta, value=1 - rho)
    return param - lr * delta, square_avg, delta_avg


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m.mul_(beta1).add_(grad, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v
