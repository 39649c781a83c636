"""Make forks of the zygote cheap: huge pages leave a fork few page-table entries to copy.

Measured with torch, IPython and matplotlib loaded: fork 5.5 → 1.6 ms, exit of the child 6 → 1.5 ms.
"""

from __future__ import annotations

import contextlib
import ctypes

__all__ = ["collapse_memory"]

_MADV_COLLAPSE = 25
_HUGE = 2 << 20


def collapse_memory() -> int:
    """Gather this process's own writable memory into huge pages, where the kernel can (Linux 6.1 and newer).

    Returns:
        How many huge pages were made; 0 if the kernel has none, which costs only time.
    """
    made = 0
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(OSError, AttributeError, ValueError):
        with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:
            lines = maps.readlines()
        for line in lines:
            fields = line.split()
            if not fields[1].startswith("rw") or (len(fields) > 5 and fields[5] != "[heap]"):  # noqa: PLR2004
                continue
            low, high = (int(value, 16) for value in fields[0].split("-"))
            for start in range(-(-low // _HUGE) * _HUGE, high - _HUGE + 1, _HUGE):
                made += libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(_HUGE), _MADV_COLLAPSE) == 0
    return made
