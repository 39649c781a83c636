"""Your d averages (lr·Δ)² instead of Δ²."""

from __future__ import annotations

HINT = (
    "d belongs to the step before the learning rate: average Δ², then scale by lr when the parameter moves."
)


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg = rho * square_avg + (1 - rho) * grad**2
    delta = lr * (delta_avg + eps).sqrt() / (square_avg + eps).sqrt() * grad
    delta_avg = rho * delta_avg + (1 - rho) * delta**2
    return param - delta, square_avg, delta_avg
