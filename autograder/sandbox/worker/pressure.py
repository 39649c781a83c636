"""Raises a MemoryError in the running line when the judge sees that the limit on memory is passed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["heed_memory", "memory_errors"]

#: The process in which we run a student's code; a process that this code forked does not count.
_running: list[int] = []


def heed_memory() -> None:
    """Listen from now on for the judge's signal that too much memory is used; without Linux nobody sends it."""

    def ring(_signum: int, _frame: object) -> None:
        if _running and _running[-1] == os.getpid():
            raise MemoryError("this notebook used more memory than its limit")

    signal.signal(signal.SIGURG, ring)


@contextmanager
def memory_errors() -> Iterator[None]:
    """Turn that signal into a MemoryError while this lasts: the student's code runs."""
    _running.append(os.getpid())
    try:
        yield
    finally:
        _running.pop()
