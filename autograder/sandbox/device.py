"""Where the student's code computes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograder.errors import DeviceError

__all__ = ["judges_on", "resolve_device", "share_for"]

#: What a context with its libraries takes of a GPU's memory, as measured on several machines, rounded up.
CONTEXT_BYTES = 768 << 20
#: A judge has two workers, one of them in reserve.
CONTEXTS = 2
#: The least memory that a notebook should have.
WORK_BYTES = 2 << 30
#: With less, nothing could start.
LEAST_SHARE = 0.01


def judges_on(device: Mapping[str, Any]) -> int:
    """Return how many judges fit into the free memory of a GPU, at least one.

    Args:
        device: what `autograder.sandbox.worker.cuda.start` found out; empty if that is not known.
    """
    if not device:
        return 1
    return max(1, int(device["free_bytes"]) // (CONTEXTS * CONTEXT_BYTES + WORK_BYTES))


def share_for(device: Mapping[str, Any], judges: int) -> float:
    """Return the part of a GPU's memory that each notebook may have if so many are graded at a time."""
    if not device:
        return 1.0
    each = int(device["free_bytes"]) / judges - CONTEXTS * CONTEXT_BYTES
    return min(1.0, max(LEAST_SHARE, each / int(device["total_bytes"])))


def resolve_device(wanted: str) -> str:
    """Return `cpu` or `cuda` for `cpu`, `cuda` or `auto`.

    `auto` looks for a device file first: loading torch to learn that there is no GPU would cost a second.

    Raises:
        DeviceError: if `cuda` was asked for and is not there.
    """
    if wanted == "cpu" or (wanted == "auto" and not Path("/dev/nvidiactl").exists()):
        return "cpu"
    import torch

    if torch.cuda.is_available():
        return "cuda"
    if wanted == "auto":
        return "cpu"
    build = torch.version.cuda
    reason = "this torch is a build without CUDA" if build is None else "torch finds no usable NVIDIA driver or device"
    raise DeviceError(
        f"--device cuda: {reason}. Install a CUDA build of torch on a machine with an NVIDIA GPU, "
        "or use --device cpu (or auto)."
    )
