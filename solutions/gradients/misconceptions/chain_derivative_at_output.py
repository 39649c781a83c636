"""You take the activation's derivative at its output hᵢ, not at its input zᵢ."""

import math

HINT = (
    "The slope is wanted where the activation was: at zᵢ = wᵢ·hᵢ₋₁. If you have hᵢ only, use the form that is "
    "written with the value, σ′ = h·(1 − h) or tanh′ = 1 − h², and do not put h into a function of z."
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
    delta = upstream
    found = []
    for i in range(len(weights) - 1, -1, -1):
        found.append(delta * hidden[i])
        if i:
            delta *= weights[i] * _slope(activation, hidden[i])
    return found[::-1]
