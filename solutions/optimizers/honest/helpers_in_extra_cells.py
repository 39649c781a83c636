"""Helper functions in extra cells, as one builds up a notebook."""

EXTRA_CELLS = [
    """def ema(old, new, weight):
    'A moving average.'
    return weight * old + (1 - weight) * new
""",
    """def corrected(average, weight, t):
    return average / (1 - weight**t)

ema(1.0, 2.0, 0.5)
""",
]


def rmsprop_step(param, grad, square_avg, lr, alpha, eps):
    square_avg = ema(square_avg, grad.square(), alpha)  # noqa: F821
    return param - lr * grad / (square_avg.sqrt() + eps), square_avg


def adadelta_step(param, grad, square_avg, delta_avg, lr, rho, eps):
    square_avg = ema(square_avg, grad.square(), rho)  # noqa: F821
    delta = grad * (delta_avg + eps).sqrt() / (square_avg + eps).sqrt()
    return param - lr * delta, square_avg, ema(delta_avg, delta.square(), rho)  # noqa: F821


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = ema(m, grad, beta1), ema(v, grad.square(), beta2)  # noqa: F821
    return param - lr * corrected(m, beta1, t) / (corrected(v, beta2, t).sqrt() + eps), m, v  # noqa: F821
