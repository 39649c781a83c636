"""You update d before you use it."""

from __future__ import annotations

HINT = "The step uses the old d, for the new one is made of this very step."


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg = rho * square_avg + (1 - rho) * grad**2
    delta = (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    delta_avg = rho * delta_avg + (1 - rho) * delta**2
    delta = (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    return param - lr * delta, square_avg, delta_avg
