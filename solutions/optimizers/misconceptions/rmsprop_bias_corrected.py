"""You correct the average for its start at zero, as Adam does."""

from __future__ import annotations

HINT = "RMSprop has no bias correction: the average is used as it is."


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / ((square_avg / (1 - alpha)).sqrt() + eps), square_avg
