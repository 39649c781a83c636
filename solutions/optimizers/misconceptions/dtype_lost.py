"""Your result has another dtype than the inputs: float64 became float32."""

from __future__ import annotations

import torch

HINT = (
    "torch.tensor(…), .float() and torch.zeros(n) make float32. Derive new tensors from the inputs: "
    "zeros_like, new_zeros, or plain arithmetic."
)


def sgd_step(param, grad, lr):
    return param.float() - lr * grad.float()


def momentum_step(param, grad, velocity, lr, momentum):
    velocity = (momentum * velocity + grad).float()
    return param.float() - lr * velocity, velocity


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = (square_sum + grad**2).float()
    return (param - lr * grad / (square_sum.sqrt() + eps)).float(), square_sum


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m = (beta1 * m + (1 - beta1) * grad).float()
    v = (beta2 * v + (1 - beta2) * grad**2).float()
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return (param - lr * m_hat / (v_hat.sqrt() + eps)).float(), m, v
