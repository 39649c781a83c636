"""You add eps under the root, as √(s + ε)."""

from __future__ import annotations

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "Keras, and in Ruder's overview of gradient descent algorithms"


def adagrad_step(param, grad, square_sum, lr, eps):
    square_sum = square_sum + grad**2
    return param - lr * grad / (square_sum + eps).sqrt(), square_sum
