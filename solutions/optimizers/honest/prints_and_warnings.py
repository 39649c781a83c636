"""Prints, warnings and logging all over."""

import logging
import warnings

import torch

EXTRA_CELLS = [
    "import sys\nprint('hello from an extra cell')\nprint('and from stderr', file=sys.stderr)",
    "import warnings\nwarnings.warn('this is only a warning')",
]


def sgd_step(param, grad, lr):
    print("sgd", lr, param.shape)
    return param - lr * grad


def momentum_step(param, grad, velocity, lr, momentum):
    warnings.warn(f"momentum is {momentum}", stacklevel=1)
    logging.getLogger("student").warning("step")
    v = momentum * velocity + grad
    return param - lr * v, v


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    print(f"t = {t}: |g| = {torch.linalg.norm(grad):.3g}")
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad * grad
    return param - lr * (m / (1 - beta1**t)) / (torch.sqrt(v / (1 - beta2**t)) + eps), m, v
