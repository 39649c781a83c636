"""Other programs that keep the processors busy during a test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from autograder.sandbox.system import die_with_parent

__all__ = ["BusyProcessors", "busy_processors"]

_EACH = 4


class BusyProcessors:
    """Four programs for each processor; end them when they are no longer needed."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start them."""
        for _ in range(_EACH * (os.cpu_count() or 1)):
            command = ["/bin/sh", "-c", "while :; do :; done"]
            # Linux may share the processors among sessions, not processes (sched_autogroup): each gets its own session.
            process = subprocess.Popen(command, start_new_session=True, preexec_fn=die_with_parent)  # noqa: PLW1509
            self._running.append(process)

    def end(self) -> None:
        """End them; a second call does nothing."""
        for process in self._running:
            process.kill()
            process.wait()
        self._running.clear()

    @property
    def pid(self) -> int:
        """One of them."""
        return self._running[0].pid


@contextmanager
def busy_processors() -> Iterator[BusyProcessors]:
    """Keep the processors busy for a while."""
    busy = BusyProcessors()
    busy.start()
    try:
        yield busy
    finally:
        busy.end()
