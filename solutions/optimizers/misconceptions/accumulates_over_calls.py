"""Your second call with the same inputs gives a different answer from the first."""

from __future__ import annotations

HINT = (
    "Something outlives the call: a global variable, a default argument that is changed, or a buffer "
    "kept on the function. Keep all state in the arguments and the results."
)
QUESTION = "What does your function still know of the first call when the second one begins?"
WORKED = """
A function that collects in a default argument, `def collect(x, seen=[])`, has one list for all calls.
  first call with 3:   the list is [3]
  second call with 3:  the same list is [3, 3]
A list that is made inside of the function is a new one each time.
"""
# It asks for the student's own functions.
ALSO_COSTS = ["compare_optimizers"]

_velocity = {}


def momentum_step(param, grad, velocity, lr, momentum):
    v = momentum * _velocity.get(param.shape, velocity) + grad
    _velocity[param.shape] = v
    return param - lr * v, v


_step = [0]


def adam_step(param, grad, m, v, t, lr, beta1, beta2, eps):
    _step[0] += 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1 ** _step[0])
    v_hat = v / (1 - beta2 ** _step[0])
    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v
