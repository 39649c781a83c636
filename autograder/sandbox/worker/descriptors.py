"""The standard descriptors of a worker: there is no input, and what is printed past Python is kept in memory."""

from __future__ import annotations

import os
from contextlib import suppress

__all__ = ["capture_descriptors", "drain_descriptors"]

_memory: list[int] = []
_read_up_to = [0]


def capture_descriptors() -> int:
    """Point descriptors 1 and 2 at a memory file and 0 at an empty one; return the memory file's descriptor.

    The memory file gets what C code and child processes print. It is opened before the sandbox forbids such files.
    """
    memory = os.memfd_create("output") if hasattr(os, "memfd_create") else os.open(os.devnull, os.O_RDWR)
    for target in (1, 2):
        os.dup2(memory, target)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    _memory.append(memory)
    return memory


def drain_descriptors(limit: int) -> str:
    """Return what was written to descriptors 1 and 2 since the last call, at most `limit` bytes."""
    with suppress(OSError, IndexError):
        end = os.lseek(_memory[0], 0, os.SEEK_CUR)
        if end > _read_up_to[0]:
            data = os.pread(_memory[0], min(end - _read_up_to[0], limit), _read_up_to[0])
            _read_up_to[0] = end
            return data.decode("utf-8", "replace")
    return ""
