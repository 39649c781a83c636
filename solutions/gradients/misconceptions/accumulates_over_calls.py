"""Your second call with the same inputs gives a different answer from the first."""

from __future__ import annotations

import math

from matplotlib import pyplot as plt
from torch import nn

HINT = (
    "Something outlives the call: a global variable, a default argument that is changed, or a list kept on the "
    "function. Keep all state inside the function."
)
QUESTION = "What does your function still know of the first call when the second one begins?"
WORKED = """
A function that collects in a default argument, `def collect(x, seen=[])`, has one list for all calls.
  first call with 3:   the list is [3]
  second call with 3:  the same list is [3, 3]
A list that is made inside of the function is a new one each time.
"""

_hidden = []


def chain_gradient(x, weights, activation, upstream=1.0, found=[]):
    function = {
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "tanh": math.tanh,
        "relu": lambda z: max(z, 0.0),
    }[activation]
    slope = {
        "sigmoid": lambda h: h * (1 - h),
        "tanh": lambda h: 1 - h**2,
        "relu": lambda h: float(h > 0),
    }[activation]
    hidden = [x]
    for w in weights[:-1]:
        hidden.append(function(w * hidden[-1]))
    delta = upstream
    for i in range(len(weights) - 1, -1, -1):
        found.insert(0, delta * hidden[i])
        if i:
            delta = delta * weights[i] * slope(hidden[i])
    return list(found)


_found = {}


def linear_gradients(model):
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            if module.weight.grad is None:
                raise RuntimeError(f"{name} has no gradient")
            _found[name] = _found.get(name, 0) + module.weight.grad
    return dict(_found)


_values = []


def weights_vp(model, att="grad"):
    if att not in ("grad", "weight"):
        raise ValueError(att)
    for m in model.modules():
        if isinstance(m, nn.Linear):
            _values.append((m.weight.grad if att == "grad" else m.weight).detach().flatten().numpy())
    fig, ax = plt.subplots()
    ax.violinplot(_values)
    ax.set_xticks(range(1, len(_values) + 1))
    ax.set_xlabel("num_hidden")
    ax.set_title(att)
    return ax
