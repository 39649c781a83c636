"""You divide all elements by one common number."""

from __future__ import annotations

HINT = (
    "Adagrad scales every element by its own history: the root is taken element by element, without a"
    " sum over the tensor."
)


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = square_sum + grad**2
    return param - lr * grad / (square_sum.sum().sqrt() + eps), square_sum
