"""Memory that a worker and all that it started use together, which no limit on one process bounds.

Looked at from outside a few times a second; where Linux is not, nothing is watched.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path

__all__ = ["MemoryWatch", "descendants"]

PERIOD_S = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def descendants(pid: int) -> list[int]:
    """Return the processes beneath `pid`, parents before children."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        with contextlib.suppress(OSError, ValueError):
            for task in os.listdir(f"/proc/{current}/task"):
                text = Path(f"/proc/{current}/task/{task}/children").read_text(encoding="ascii")
                children = [int(p) for p in text.split()]
                found += children
                waiting += children
    return found


class MemoryWatch:
    """Ends the processes beneath a zygote when their own memory together exceeds a worker's limit.

    `fired` says that this happened to the present worker.
    """

    def __init__(self, zygote: int) -> None:
        self._zygote = zygote
        self._limit = 0
        self._warm: set[int] = set()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.fired = False

    def start(self) -> None:
        """Begin; what runs by now is the zygote itself."""
        self._warm = {self._zygote, *descendants(self._zygote)}
        if os.path.isdir("/proc/self/task"):
            self._thread = threading.Thread(target=self._run, name="memory watch", daemon=True)
            self._thread.start()

    def expect(self, limit_bytes: int) -> None:
        """A new worker with this limit is about to start."""
        self._limit = limit_bytes
        self.fired = False

    def stop(self) -> None:
        """End watching."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.wait(PERIOD_S):
            self._look()

    def _look(self) -> None:
        workers = [p for p in descendants(self._zygote) if p not in self._warm]
        if not self._limit or sum(_resident(p) for p in workers) <= self._limit:
            return
        # Pages that forks share count once for each of them above; this count is exact, and slow.
        if sum(_proportional(p) for p in workers) > self._limit:
            self.fired = True
            for pid in workers:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)


def _resident(pid: int) -> int:
    try:
        _, resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[:3]
    except (OSError, ValueError):
        return 0
    return (int(resident) - int(shared)) * _PAGE


def _proportional(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return _resident(pid)
    for line in text.splitlines():
        if line.startswith("Pss_Anon:"):
            return int(line.split()[1]) << 10
    return 0
