"""The reference solution of `SLUG`."""

from __future__ import annotations

import torch  # noqa: F401 - what the public examples in assignment.toml use has to be here


def standardise(x, eps=1e-5):
    """Return (x − mean)/√(variance + ε) of each row, the variance divided by n."""
    centred = x - x.mean(-1, keepdim=True)
    return centred / ((centred**2).mean(-1, keepdim=True) + eps).sqrt()
