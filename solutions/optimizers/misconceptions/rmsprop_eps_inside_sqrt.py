"""You add eps under the root, as √(s + ε)."""

from __future__ import annotations

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "the textbook Dive into Deep Learning, and in Ruder's overview of gradient descent algorithms"


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (square_avg + eps).sqrt(), square_avg
