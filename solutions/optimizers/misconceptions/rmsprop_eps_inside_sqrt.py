"""You add eps under the root, as √(s + ε)."""

from __future__ import annotations

HINT = "Here ε is added to the root: √s + ε."
CONVENTION = True
USUAL_IN = "TensorFlow and in Hinton's lecture notes as many courses retell them"


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = alpha * square_avg + (1 - alpha) * grad**2
    return param - lr * grad / (square_avg + eps).sqrt(), square_avg
