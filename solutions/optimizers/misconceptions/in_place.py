"""You change an input tensor in place."""

from __future__ import annotations

HINT = (
    "Operations that end in _ and assignments such as += write into the tensor that the caller still "
    "holds. Make a new one: p = p − …, or work on p.clone()."
)


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


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m.mul_(beta1).add_(grad, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v
