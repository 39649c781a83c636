"""A MemoryError in the line that was at it, when the judge sees that the limit on memory is passed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["heed_memory", "memory_errors"]

#: The process in which a student's code runs on our behalf; one that it forked is no such process.
_running: list[int] = []


def heed_memory() -> None:
    """Take the judge's word, from now on, that too much memory is used; where Linux is not, nobody gives it."""

    def ring(_signum: int, _frame: object) -> None:
        if _running and _running[-1] == os.getpid():
            raise MemoryError("this notebook used more memory than its limit")

    signal.signal(signal.SIGURG, ring)


@contextmanager
def memory_errors() -> Iterator[None]:
    """Raise that word as a MemoryError while this lasts: it is the student's code that runs."""
    _running.append(os.getpid())
    try:
        yield
    finally:
        _running.pop()
