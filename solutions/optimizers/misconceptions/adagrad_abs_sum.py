"""You add up absolute gradients instead of squares."""

from __future__ import annotations

HINT = "s collects g², and the root is taken when it is used."


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = square_sum + grad.abs()
    return param - lr * grad / (square_sum.sqrt() + eps), square_sum
