"""You divide by the sum of squares instead of its root."""

from __future__ import annotations

HINT = "The root of the sum of squares has the size of a gradient; the sum itself has the size of its square."


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = square_sum + grad**2
    return param - lr * grad / (square_sum + eps), square_sum
