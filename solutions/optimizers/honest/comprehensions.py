"""Everything that fits in one expression in one expression."""

import torch


def sgd_step(param, grad, lr):
    return torch.stack([p - lr * g for p, g in zip(param.flatten(), grad.flatten())]).reshape(param.shape)


def adagrad_step(param, grad, square_sum, lr, eps):
    return param - lr * grad / ((square_sum + grad**2) ** 0.5 + eps), square_sum + grad**2


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    return (
        param - lr * grad / ((new := alpha * square_avg + (1 - alpha) * grad**2) ** 0.5 + eps),
        new,
    )
