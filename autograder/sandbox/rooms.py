"""The workers' own directories in tiers B and C, where no namespace gives them a file system of their own.

Each worker has one, with a name that nobody can guess, in memory if there is room. Landlock lets a worker into its own
directory alone. The kernel does not bound what a worker writes there: `MemoryWatch` looks at it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import tempfile
import time
from pathlib import Path

from autograder.sandbox.trees import remove_tree

__all__ = ["Rooms"]

_PREFIX = "autograder-rooms-"
_IN_MEMORY = "/dev/shm"  # noqa: S108 - a folder with a name of its own is made there
#: Room that a place must have: an attacker who fills it between two looks must not disturb others.
_ROOM_BYTES = 2 << 30
#: A directory older than this is locked, if its owner lives.
_FRESH_S = 60.0


class Rooms:
    """The directories of one zygote's workers, one after another."""

    def __init__(self, owner: int | None) -> None:
        """Find a place.

        Args:
            owner: the user that workers will run as; None for the present one.
        """
        self._owner = owner
        place = _place()
        _sweep(place)
        self.base = Path(place, f"{_PREFIX}{secrets.token_hex(16)}")
        self.base.mkdir(mode=0o700)
        # Locked as long as this process lives: the next grader removes what nobody has locked.
        self._lock = os.open(self.base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # A process may enter a directory whose name it knows; it cannot list the names.
        self.base.chmod(0o711)

    def new(self) -> Path:
        """Make an empty directory for the next worker."""
        room = self.base / secrets.token_hex(16)
        room.mkdir(mode=0o700)
        if self._owner is not None:
            os.chown(room, self._owner, self._owner)
        return room

    def remove(self, room: Path) -> None:
        """Remove a directory and all that its worker left there."""
        remove_tree(str(room))

    def close(self) -> None:
        """Remove everything."""
        remove_tree(str(self.base))
        with contextlib.suppress(OSError):
            os.close(self._lock)


def _place() -> str:
    """Return a place with enough room: in memory, or else among temporary files."""
    candidates = [path for path in (_IN_MEMORY, tempfile.gettempdir()) if os.access(path, os.W_OK | os.X_OK)]
    for path in candidates:
        if _free_bytes(path) >= _ROOM_BYTES:
            return path
    return max(candidates, key=_free_bytes, default=tempfile.gettempdir())


def _free_bytes(path: str) -> int:
    state = os.statvfs(path)
    return state.f_bavail * state.f_frsize


def _sweep(place: str) -> None:
    """Remove the directories of graders that were killed together with their zygotes."""
    for path in Path(place).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if path.stat().st_uid != os.geteuid() or time.time() - path.stat().st_mtime < _FRESH_S:
                continue
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove_tree(str(path))
            finally:
                os.close(fd)
