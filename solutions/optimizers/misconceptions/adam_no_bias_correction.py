"""You use m and v as they are, without correcting their bias towards zero."""

from __future__ import annotations

import torch

HINT = (
    "Both averages start at zero, so at first they are too small. Divide each by the sum of the "
    "weights that it has given out so far, which is 1 − βᵗ after t steps."
)
QUESTION = "How large is m after the first step, compared with the gradient, if it starts at zero?"
WORKED = """
An average of the temperature starts at 0, with β = 0.75, and it is 20 degrees each day.
  day 1: 0.75 · 0 + 0.25 · 20 = 5          weights given out so far: 0.25
  day 2: 0.75 · 5 + 0.25 · 20 = 8.75       weights given out so far: 0.4375
5 and 8.75 are no temperatures of these days. 5 / 0.25 = 20 and 8.75 / 0.4375 = 20 are.
"""
EDITS = {
    "adam_step": [("m_hat = A_ / X_", "m_hat = A_"), ("v_hat = A_ / X_", "v_hat = A_")],
    "Adam": [("m_hat = A_ / X_", "m_hat = A_"), ("v_hat = A_ / X_", "v_hat = A_")],
}


def evidence(exercise, yours, expected):
    """Compare the length of the first step of the public example with the right one."""
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    mine, due = (value[0] - start for value in (yours, expected))
    ratio = float((mine / due).abs()[0])
    return f"In the example your first step is {ratio:.2f} × lr long; Adam's is 1.00 × lr."
