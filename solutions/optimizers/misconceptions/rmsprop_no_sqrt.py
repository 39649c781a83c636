"""You divide by the average of squares instead of its root."""

from __future__ import annotations

HINT = "The root of the average has the size of a gradient; the average itself has the size of its square."


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (square_avg + eps), square_avg
