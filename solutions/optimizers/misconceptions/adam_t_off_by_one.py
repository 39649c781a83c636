"""Your bias correction uses t + 1 instead of t."""

from __future__ import annotations

import torch

HINT = "t is the number of this step and counts from 1: after the first step the weights given out add up to 1 − β¹."
QUESTION = "How many gradients has m seen in the first step, and what is the sum of their weights?"
WORKED = """
β = 0.5, one value of 8 so far: the average is 0.5 · 0 + 0.5 · 8 = 4, and one weight of 0.5 was given out.
  divided by 1 − 0.5¹ = 0.5:    8, the value
  divided by 1 − 0.5² = 0.75:   5.33, which nobody measured
"""
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
