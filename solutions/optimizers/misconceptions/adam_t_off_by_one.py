"""Your bias correction uses t + 1 instead of t."""

from __future__ import annotations

import torch

HINT = "t is the number of this step and counts from 1: after the first step the weights given out add up to 1 − β¹."
EDITS = {
    "adam_step": [("FIRST", "t = t + 1")],
    "Adam": [('state["step"] = 0', 'state["step"] = 1')],
}


def evidence(exercise, yours, expected):
    """Compare the length of the first step of the public example with the right one."""
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    mine, due = (value[0] - start for value in (yours, expected))
    ratio = float((mine / due).abs()[0])
    return f"In the example your first step is {ratio:.2f} × lr long; Adam's is 1.00 × lr."
