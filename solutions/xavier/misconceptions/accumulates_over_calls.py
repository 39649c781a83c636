"""Your second call with the same inputs gives a different answer from the first."""

from __future__ import annotations

import torch
from torch import nn

HINT = (
    "Something outlives the call: a list outside of the function, a default argument that is changed, or a "
    "hook that was never removed. Make the list anew in every call, and remove the hooks."
)
QUESTION = "What does your function still know of the first call when the second one begins?"
WORKED = """
A function that collects in a default argument, `def collect(x, seen=[])`, has one list for all calls.
  first call with 3:   the list is [3]
  second call with 3:  the same list is [3, 3]
A list that is made inside of the function is a new one each time.
"""


_seen = []


def forward_variances(model, x):
    def record(module, inputs, output):
        _seen.append(output.detach().var(correction=0).item())

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        model(x)
    finally:
        for handle in handles:
            handle.remove()
    return list(_seen)


_found = []


def backward_variances(model, x):
    outputs = []

    def record(module, inputs, output):
        outputs.append(output)

    handles = [m.register_forward_hook(record) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = 0.5 * (model(x) ** 2).sum()
    finally:
        for handle in handles:
            handle.remove()
    _found.extend(g.var(correction=0).item() for g in torch.autograd.grad(loss, outputs))
    return list(_found)
