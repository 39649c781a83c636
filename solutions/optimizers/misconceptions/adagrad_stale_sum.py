"""You divide by the root of the old sum, before the new gradient is in it."""

from __future__ import annotations

HINT = "Add g² first, then divide by the root of the new sum."


def adagrad_step(param, grad, square_sum, lr, eps):
    new = square_sum + grad**2
    return param - lr * grad / (square_sum.sqrt() + eps), new
