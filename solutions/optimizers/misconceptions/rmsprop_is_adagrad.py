"""You add up the squares, as Adagrad does, instead of averaging them."""

from __future__ import annotations

HINT = "RMSprop forgets: the old average keeps the weight α, the new square gets 1 − α."


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = square_avg + grad**2
    return param - lr * grad / (square_avg.sqrt() + eps), square_avg
