"""You subtract the square of the mean gradient, as the centered form does."""

from __future__ import annotations

HINT = "Plain RMSprop divides by the root of the mean square, with no mean subtracted."


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    centered = square_avg - ((1 - alpha) * grad) ** 2
    return param - lr * grad / (centered.sqrt() + eps), square_avg
