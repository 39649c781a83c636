"""You multiply by the activation's derivative at the output too, but the last layer is linear."""

import math

HINT = (
    "y = wₙ·hₙ₋₁ has no activation, so there are n − 1 derivatives for n weights, and the gradient of the last weight "
    "is just what comes into it."
)


def _sigmoid(z):
    return 1 / (1 + math.exp(-z))


def _value(activation, z):
    return _sigmoid(z) if activation == "sigmoid" else math.tanh(z) if activation == "tanh" else max(z, 0.0)


def _slope(activation, z):
    if activation == "relu":
        return float(z > 0)
    h = _value(activation, z)
    return h * (1 - h) if activation == "sigmoid" else 1 - h * h


def chain_gradient(x, weights, activation, upstream=1.0):
    before, hidden = [], [x]
    for w in weights[:-1]:
        before.append(w * hidden[-1])
        hidden.append(_value(activation, before[-1]))
    delta = upstream * _slope(activation, weights[-1] * hidden[-1])
    found = []
    for i in range(len(weights) - 1, -1, -1):
        found.append(delta * hidden[i])
        if i:
            delta *= weights[i] * _slope(activation, before[i - 1])
    return found[::-1]
