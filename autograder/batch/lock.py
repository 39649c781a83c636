"""One run at a time writes an assignment's results; a second one is told which process is at it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from autograder.batch.state import RunState
from autograder.errors import BusyError

__all__ = ["exclusive", "is_locked"]

_NAME = ".lock"
#: `is_locked` holds the lock for a moment, which must not turn a run away.
_TRIES = 5
_PAUSE_S = 0.05
#: Some network file systems have no locks: there the user must not start two runs.
_UNSUPPORTED = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}


@contextlib.contextmanager
def exclusive(folder: Path, slug: str) -> Iterator[None]:
    """Hold the lock of `results/<slug>/`; it is released when this process ends, also if it is killed.

    Raises:
        BusyError: if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Never removed: a second process could then hold another file of the same name.
    fd = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        for last in (False,) * (_TRIES - 1) + (True,):
            if _take(fd, fcntl.LOCK_EX):
                break
            if last:
                raise BusyError(_told(folder, slug))
            time.sleep(_PAUSE_S)
        yield
    finally:
        os.close(fd)


def is_locked(folder: Path) -> bool:
    """Whether a run is going on."""
    try:
        fd = os.open(folder / _NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _take(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def _take(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    return True


def _told(folder: Path, slug: str) -> str:
    state = RunState.read(folder)
    who = f" ({state.who})" if state is not None else ""
    return (
        f"Another run is at {slug!r}{who}. Wait for it, or end it with Ctrl-C where it was started; "
        f"`autograder status {slug}` shows how far it is."
    )
