"""Processors: slow down a worker that runs many processes at once, and measure how long it waits for a processor.

Both are done from outside, by Linux's /proc. On other systems no waiting is seen and nothing is slowed down.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["ProcessorWatch", "waited_s"]

#: How many tasks of a worker may want a processor at the same time: the one that runs a cell, and one that it started.
SHARE = 2
#: So many looks in a row must find more than that; a short burst is no harm.
PATIENCE = 5
_BUSY = frozenset("R")


class ProcessorWatch:
    """Keeps a worker's processes to their share of the processors, and adds up how long they waited for one.

    Processes above the share get Linux's policy for idle work (sched(7), SCHED_IDLE): they run when nothing else wants
    to. Only a privileged process can undo that (`hurry`), so the first processes, one of which runs the cells, keep
    their policy.
    """

    def __init__(self) -> None:
        self._waited: dict[int, float] = {}
        self._crowded = 0
        #: Whether the present worker is to end.
        self._ending = False
        #: Whether the present worker was found above its share.
        self.slowed = False

    def expect(self) -> None:
        """Begin again, for a new worker."""
        self._waited = {}
        self._crowded = 0
        self._ending = False
        self.slowed = False

    @property
    def waited_s(self) -> float:
        """The seconds that the worker's processes, ended ones included, waited for a processor, all together."""
        return sum(self._waited.copy().values())

    def look(self, pids: Sequence[int]) -> None:
        """Take note of a worker's processes, parents before children."""
        for pid in pids:
            self._waited[pid] = max(waited_s(pid), self._waited.get(pid, 0.0))
        tasks = [(number, pid, task) for number, pid in enumerate(pids) for task in _tasks(pid)]
        if len(tasks) > SHARE:
            busy = sum(_state(pid, task) in _BUSY for _, pid, task in tasks)
            self._crowded = self._crowded + 1 if busy > SHARE else 0
        if self._crowded >= PATIENCE:
            self.slowed = True
        if self.slowed and not self._ending:
            for number, pid, task in tasks:
                if number >= SHARE or task != pid:
                    _schedule(task, os.SCHED_IDLE)

    def hurry(self, pids: Sequence[int]) -> None:
        """Give slowed processes that are about to end their turn again: each frees its memory in its own time.

        Only a privileged process can; for others the end takes as long as other work lets it.
        """
        self._ending = True
        if self.slowed:
            for pid in pids:
                for task in _tasks(pid):
                    _schedule(task, os.SCHED_OTHER)


def waited_s(pid: int) -> float:
    """Return how long the first thread of a process was ready to run and had no processor, in seconds.

    See Documentation/scheduler/sched-stats.rst of Linux: the second field of /proc/PID/schedstat, in nanoseconds.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _tasks(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        yield from map(int, os.listdir(f"/proc/{pid}/task"))


def _state(pid: int, task: int) -> str:
    """Return the letter of a thread's state: R if it runs or wants to."""
    try:
        # The name before it may hold anything, even parentheses.
        return Path(f"/proc/{pid}/task/{task}/stat").read_text(errors="replace").rpartition(") ")[2][:1]
    except OSError:
        return ""


def _schedule(task: int, policy: int) -> None:
    with contextlib.suppress(OSError):
        if os.sched_getscheduler(task) != policy:
            os.sched_setscheduler(task, policy, os.sched_param(0))
