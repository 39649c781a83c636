"""The states of all generators of random numbers that a process has of its own."""

from __future__ import annotations

import random
import sys
from typing import Any

__all__ = ["read_generators", "set_generators"]


def read_generators(device: str) -> dict[str, Any]:
    """Return where the generators of Python, numpy and torch stand; those of a GPU too, where `device` is `cuda`."""
    import torch

    found = {"python": random.getstate(), "torch": torch.get_rng_state()}
    if "numpy" in sys.modules:
        import numpy as np

        found["numpy"] = np.random.get_state()  # noqa: NPY002 - what notebooks use
    if device == "cuda":
        found["cuda"] = torch.cuda.get_rng_state()
    return found


def set_generators(wanted: dict[str, Any]) -> None:
    """Put all generators back to where they stood."""
    import torch

    random.setstate(wanted["python"])
    torch.set_rng_state(wanted["torch"])
    if "numpy" in wanted:
        import numpy as np

        np.random.set_state(wanted["numpy"])  # noqa: NPY002 - as above
    if "cuda" in wanted:
        torch.cuda.set_rng_state(wanted["cuda"])
