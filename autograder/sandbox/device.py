"""Where the student's code computes."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import DeviceError

__all__ = ["resolve_device"]


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
