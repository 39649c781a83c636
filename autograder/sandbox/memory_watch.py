"""Watch what a worker and all processes that it started use together: memory, files, processors.

Limits on a single process do not bound that. It is looked at from outside, a few times a second; on other systems than
Linux only files are watched.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from pathlib import Path

from autograder.sandbox.footprint import (
    at_most_bytes,
    descendants,
    nameless_files,
    proportional_bytes,
    socket_bytes,
)
from autograder.sandbox.processor_watch import ProcessorWatch
from autograder.sandbox.spec import WorkerLimits
from autograder.sandbox.trees import measure

__all__ = ["FILES", "MEMORY", "MemoryWatch", "descendants"]

PERIOD_S = 0.1
#: The values of `MemoryWatch.fired`.
MEMORY, FILES = "memory", "files"
#: The multiple of the limit on memory at which everything is ended. At the limit itself the process that runs a cell
#: is told, so that the cell stops with a MemoryError that knows its line.
END = 1.25
#: Looking at files may take one part in so many of the time.
_FILES_SHARE = 10


class MemoryWatch:
    """Ends the processes beneath a zygote when together they exceed a worker's limit.

    `fired` is the limit for which the present worker was ended: `MEMORY`, `FILES`, or empty; `warnings` counts how
    often it was told before that it uses too much memory.
    """

    def __init__(self) -> None:
        self._zygote = 0
        self._limits: WorkerLimits | None = None
        self._room: Path | None = None
        self._spare_bytes = 0
        self._spare_files = 0
        self._told = False
        self._files_at = 0.0
        self._warm: set[int] = set()
        #: The processes of the worker in reserve, which no notebook uses yet.
        self.aside: set[int] = set()
        #: What the present worker had in memory when it was ready: the driver's part.
        self.base_bytes = 0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.fired = ""
        self.warnings = 0
        self.processor = ProcessorWatch()

    @property
    def sees_memory(self) -> bool:
        """Whether this system tells how much memory processes use."""
        return os.path.isdir("/proc/self/task")

    def begin(self, zygote: int) -> None:
        """Begin to watch the processes beneath this one; those that run already are the zygote itself."""
        self._zygote = zygote
        self._warm = {self._zygote, *descendants(self._zygote)}
        self._thread = threading.Thread(target=self._run, name="memory watch", daemon=True)
        self._thread.start()

    def expect(self, limits: WorkerLimits, room: Path | None, given_bytes: int = 0, given_files: int = 0) -> None:
        """A new worker with these limits is about to start.

        Args:
            limits: its limits.
            room: its directory; None if that is bounded by a file system of its own.
            given_bytes: the size of the files that are put into that directory for it.
            given_files: the number of these files and folders.
        """
        self._limits = None
        self.base_bytes = 0
        self._room = room
        self._spare_bytes, self._spare_files = given_bytes, given_files
        self._told = False
        self.fired = ""
        self.warnings = 0
        self.processor.expect()
        self._limits = limits

    def look_at_processors(self) -> None:
        """Bring `processor` up to date at once, before the worker ends."""
        self.processor.look(self.processes())

    def hurry(self) -> None:
        """Let processes that were slowed down end soon."""
        self.processor.hurry(self.processes())

    def processes(self) -> list[int]:
        """Return the present worker's processes."""
        return [p for p in descendants(self._zygote) if p not in self._warm and p not in self.aside]

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
        limits = self._limits
        if limits is None:
            return
        workers = self.processes()
        self._look_at_memory(workers, limits)
        self.processor.look(workers)
        if self._room is not None and not self.fired and time.monotonic() >= self._files_at:
            started = time.monotonic()
            self._look_at_files(workers, limits, str(self._room))
            now = time.monotonic()
            self._files_at = now + (now - started) * _FILES_SHARE

    def _look_at_memory(self, workers: list[int], limits: WorkerLimits) -> None:
        sockets = socket_bytes(workers)
        sockets -= self.base_bytes
        if sum(at_most_bytes(p) for p in workers) + sockets <= limits.memory_bytes:
            self._told = False
            return
        # Pages that forks share count once for each of them above; this count is exact, and slow.
        used = {pid: proportional_bytes(pid) for pid in workers}
        total = sum(used.values()) + sockets
        if total > limits.memory_bytes * END:
            self._end(workers, MEMORY)
        elif total > limits.memory_bytes and not self._told:
            self._told = True
            self.warnings += 1
            for pid in workers:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    # The process that runs a cell or a check raises an error there; others ignore the signal.
                    os.kill(pid, signal.SIGURG)
        elif total <= limits.memory_bytes:
            self._told = False

    def _look_at_files(self, workers: list[int], limits: WorkerLimits, room: str) -> None:
        most_bytes, most_files = limits.file_bytes + self._spare_bytes, limits.files + self._spare_files
        size = measure(room, max_bytes=most_bytes, max_entries=most_files)
        held = nameless_files(workers, room, limits.file_bytes)
        stored, entries = size.stored_bytes + held.stored_bytes, size.entries + held.entries
        if size.too_deep or stored > most_bytes or entries > most_files:
            self._end(workers, FILES)

    def _end(self, workers: list[int], limit: str) -> None:
        self.fired = limit
        for pid in workers:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        self.hurry()
