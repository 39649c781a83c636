"""You correct the bias of v with β₁ instead of β₂."""

from __future__ import annotations

import torch

HINT = (
    "The correction undoes the weights of the average it belongs to: v was averaged with β₂, so its "
    "weights add up to 1 − β₂ᵗ."
)
EDITS = {
    "adam_step": [("v_hat = A_ / (1 - B_ ** C_)", "v_hat = A_ / (1 - beta1 ** C_)")],
    "Adam": [("v_hat = A_ / (1 - B_ ** C_)", "v_hat = A_ / (1 - beta1 ** C_)")],
}


def evidence(exercise, yours, expected):
    """Compare the length of the first step of the public example with the right one."""
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    mine, due = (value[0] - start for value in (yours, expected))
    ratio = float((mine / due).abs()[0])
    return f"In the example your first step is {ratio:.2f} × lr long; Adam's is 1.00 × lr."
