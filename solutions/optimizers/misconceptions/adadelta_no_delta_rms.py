"""Your step lacks the numerator √(d + ε)."""

from __future__ import annotations

HINT = (
    "Adadelta scales the gradient by the size of its own past steps: the numerator √(d + ε) gives the"
    " step the parameter's unit."
)


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg = rho * square_avg + (1 - rho) * grad**2
    delta = grad / (square_avg + eps).sqrt()
    delta_avg = rho * delta_avg + (1 - rho) * delta**2
    return param - lr * delta, square_avg, delta_avg
