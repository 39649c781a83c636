"""You keep a moving average of the squares, as RMSprop does, instead of their sum."""

from __future__ import annotations

HINT = "Adagrad forgets nothing: s ← s + g²."


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = 0.9 * square_sum + 0.1 * grad**2
    return param - lr * grad / (square_sum.sqrt() + eps), square_sum
