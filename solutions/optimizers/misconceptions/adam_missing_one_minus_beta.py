"""Your averages lack the factor (1 − β) on the new value."""

from __future__ import annotations

import torch

HINT = "A moving average weights the old value with β and the new one with 1 − β, so that the weights add up to one."
EDITS = {
    "adam_step": [("m = A_ + (1 - beta1) * X_", "m = A_ + X_"), ("v = A_ + (1 - beta2) * X_", "v = A_ + X_")],
    "Adam": [
        ("X_.add_(grad, alpha=A_)", "X_.add_(grad)"),
        ("X_.addcmul_(grad, grad, value=A_)", "X_.addcmul_(grad, grad)"),
    ],
}


def evidence(exercise, yours, expected):
    """Compare the length of the first step of the public example with the right one."""
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    mine, due = (value[0] - start for value in (yours, expected))
    ratio = float((mine / due).abs()[0])
    return f"In the example your first step is {ratio:.2f} × lr long; Adam's is 1.00 × lr."
