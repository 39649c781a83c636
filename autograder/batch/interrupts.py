"""Ctrl-C, SIGTERM and a closed terminal end a batch in good order, never while something is being written."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Self

__all__ = ["Interrupts"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: A second Ctrl-C within this time changes nothing; after it, the first is taken to be lost.
_IMPATIENCE_S = 2.0


class Interrupts:
    """Turns those signals into one KeyboardInterrupt; use as a context manager.

    In another thread than the main one, and for signals that are ignored (nohup), nothing is changed.
    """

    def __init__(self) -> None:
        self.requested = False
        self._since = 0.0
        self._shields = 0
        self._previous: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._previous[number] = signal.signal(number, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        for number, previous in self._previous.items():
            signal.signal(number, previous)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        now = time.monotonic()
        if self.requested and now - self._since < _IMPATIENCE_S:
            return
        self.requested, self._since = True, now
        if not self._shields:
            raise KeyboardInterrupt

    def check(self) -> None:
        """Raise KeyboardInterrupt if a signal came: the one that was raised then may have been swallowed."""
        if self.requested:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def held_off(self) -> Iterator[None]:
        """Let the block end before a signal takes effect; where the block waits, it should look at `requested`."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
            if not self._shields:
                self.check()
