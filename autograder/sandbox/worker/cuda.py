"""Starts CUDA in a worker, by our own code, before any student's code runs.

A failure here is never blamed on a student. CUDA must be started anew after a fork, so each worker starts it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DidNotStart", "start"]

_MAX_TEXT = 600


class DidNotStart(Exception):
    """CUDA cannot be used in this process; the message is what torch or the driver said."""


def start(share: float) -> dict[str, Any]:
    """Start CUDA in this process: run a kernel, a product and a backward pass.

    What these start (threads of the driver and of autograd, cuBLAS) is there before the system calls are filtered.

    Args:
        share: the part of the device's memory that torch may give out here, from 0 to 1.

    Returns:
        `name`, `free_bytes` and `total_bytes` of the device.

    Raises:
        DidNotStart: if any of these steps fails.
    """
    import torch

    try:
        torch.cuda.init()
        if share < 1.0:
            torch.cuda.set_per_process_memory_fraction(share)
        x = torch.ones(8, 8, device="cuda", dtype=torch.float64, requires_grad=True)
        (x @ x).sum().backward()
        torch.cuda.synchronize()
        free, total = torch.cuda.mem_get_info()
        name = torch.cuda.get_device_name()
    except Exception as error:
        raise DidNotStart(f"{type(error).__name__}: {error}"[:_MAX_TEXT]) from error
    return {"name": name, "free_bytes": int(free), "total_bytes": int(total)}
