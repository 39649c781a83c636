"""Your result has another dtype than the inputs."""

from __future__ import annotations

import torch

HINT = (
    "torch.tensor(…), .float() and torch.zeros(n) make float32. Derive new tensors from the inputs: "
    "zeros_like, new_zeros, or plain arithmetic."
)


def gradient_descent(f, x0, lr, steps):
    path = torch.zeros(steps + 1, *x0.shape)
    x = x0.detach().clone()
    path[0] = x
    for t in range(steps):
        leaf = x.clone().requires_grad_()
        (g,) = torch.autograd.grad(f(leaf), leaf)
        x = x - lr * g
        path[t + 1] = x
    return path


def sgd_step(param, grad, lr):
    return param.float() - lr * grad.float()


def momentum_step(param, grad, velocity, lr, momentum):
    velocity = (momentum * velocity + grad).float()
    return param.float() - lr * velocity, velocity


def nesterov_step(param, grad, velocity, lr, momentum):
    velocity = (momentum * velocity + grad).float()
    return (param - lr * (grad + momentum * velocity)).float(), velocity


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = (square_sum + grad**2).float()
    return (param - lr * grad / (square_sum.sqrt() + eps)).float(), square_sum


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = (alpha * square_avg + (1 - alpha) * grad**2).float()
    return (param - lr * grad / (square_avg.sqrt() + eps)).float(), square_avg


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg = (rho * square_avg + (1 - rho) * grad**2).float()
    delta = (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    delta_avg = (rho * delta_avg + (1 - rho) * delta**2).float()
    return (param - lr * delta).float(), square_avg, delta_avg


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = (beta1 * m + (1 - beta1) * grad).float()
    v = (beta2 * v + (1 - beta2) * grad**2).float()
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (param - lr * m_hat / (v_hat.sqrt() + eps)).float(), m, v


def compare_optimizers(curvature, x0, lr, steps):
    losses = {"sgd": [], "momentum": [], "adam": []}
    for name, seen in losses.items():
        x, zero = x0.detach().clone(), torch.zeros_like(x0)
        velocity, m, v = zero, zero, zero
        for t in range(1, steps + 1):
            seen.append((0.5 * (curvature * x**2).sum()).item())
            grad = curvature * x
            if name == "sgd":
                x = sgd_step(x, grad, lr)
            elif name == "momentum":
                x, velocity = momentum_step(x, grad, velocity, lr, 0.9)
            else:
                x, m, v = adam_step(x, grad, m, v, t, lr, 0.9, 0.999, 1e-8)
        seen.append((0.5 * (curvature * x**2).sum()).item())
    return {name: torch.tensor(seen) for name, seen in losses.items()}
