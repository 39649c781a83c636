"""A worker's own directory: it behaves as in Jupyter, and is the same for each new copy of the notebook's state."""

from __future__ import annotations

import contextlib
import functools
import mmap
import os
import stat
import sys
import tempfile
from collections.abc import Callable
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from types import ModuleType
from typing import Any, Self

from autograder.sandbox.worker.processes import share_without_system

__all__ = ["Snapshot", "settle_in"]

#: The most that a snapshot keeps; a larger directory is shared by all copies of the notebook's state.
MAX_KEPT_BYTES = 16 << 20
MAX_KEPT_FILES = 5_000
_MAX_DEPTH = 64
#: PATH_MAX of Linux.
_MAX_PATH = 4096


class _FreshFinder(FileFinder):
    """Reads its directory each time: a new file may come within one tick of the directory's time of change."""

    def find_spec(self, fullname: str, target: ModuleType | None = None) -> ModuleSpec | None:
        """See importlib."""
        self._path_mtime = -1
        return super().find_spec(fullname, target)


class _FileBackedMap(mmap.mmap):
    """`mmap.mmap` with its shared memory in a file without a name, so that the limit on files holds for it.

    The system call filter refuses shared memory without a file, because nothing outside could count it.
    """

    def __new__(cls, fileno: int, length: int, *args: Any, **kwargs: Any) -> Self:
        flags = args[0] if args else kwargs.get("flags", mmap.MAP_SHARED)
        if fileno != -1 or not flags & mmap.MAP_SHARED:
            return super().__new__(cls, fileno, length, *args, **kwargs)
        with tempfile.TemporaryFile() as file:
            # Allocated, not sparse: a process that touches a page for which there is no room would be killed.
            os.posix_fallocate(file.fileno(), 0, length)
            if args:
                args = (flags & ~mmap.MAP_ANONYMOUS, *args[1:])
            elif "flags" in kwargs:
                kwargs["flags"] = flags & ~mmap.MAP_ANONYMOUS
            return super().__new__(cls, file.fileno(), length, *args, **kwargs)


def settle_in(private: str, *, python: bool, times_stay: bool) -> None:
    """Make the directory the worker's home, the place of its temporary files and, in Python, of modules beside cells.

    Call it when a student's module can no longer gain anything by taking the place of one of Python's.

    Args:
        private: the directory.
        python: whether cells run in this process.
        times_stay: whether the system call filter only pretends to change times and modes, and there are no signals and
            no shared memory, as without namespaces.
    """
    os.environ.update(HOME=private, TMPDIR=private, USER="student", LOGNAME="student")
    tempfile.tempdir = None
    if not python:
        return
    sys.path.insert(0, "")
    beneath = private.rstrip("/") + "/"

    def hook(path: str) -> _FreshFinder:
        if path != private and not path.startswith(beneath):
            raise ImportError(path=path)
        return _FreshFinder(
            path,
            (ExtensionFileLoader, EXTENSION_SUFFIXES),
            (SourceFileLoader, SOURCE_SUFFIXES),
            (SourcelessFileLoader, BYTECODE_SUFFIXES),
        )

    sys.path_hooks.insert(0, hook)
    if private != "/":
        mmap.mmap = _FileBackedMap  # type: ignore[misc]
    if times_stay:
        share_without_system()
        for name in ("utime", "chmod"):
            setattr(os, name, _missed(getattr(os, name)))


def _missed(call: Callable[..., None]) -> Callable[..., None]:
    """Return a call that fails if there is no such file: `Path.touch` finds out with it whether there is one."""

    @functools.wraps(call)
    def change(path: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(path, int):
            os.stat(path, dir_fd=kwargs.get("dir_fd"), follow_symlinks=kwargs.get("follow_symlinks", True))
        call(path, *args, **kwargs)

    for able in (os.supports_follow_symlinks, os.supports_dir_fd, os.supports_fd):
        if call in able:
            able.add(change)
    return change


class Snapshot:
    """The worker's directory as the notebook left it; what one copy of its state wrote is undone before the next.

    It lies in the memory of the notebook's own process: code that damages it damages only what its own checks find.
    """

    def __init__(self, folder: str) -> None:
        """Keep what is there now, if it is small enough."""
        self._folder = folder
        self._kept: dict[str, tuple[object, bytes | str | None]] = {}
        self._complete = True
        self._current = _near_directory(folder)
        kept_bytes = 0
        for path in self._entries():
            found = os.lstat(path)
            kept_bytes += found.st_size if stat.S_ISREG(found.st_mode) else 0
            if kept_bytes > MAX_KEPT_BYTES or len(self._kept) >= MAX_KEPT_FILES:
                self._complete = False
                self._kept.clear()
                return
            self._kept[path] = _state(found), _content(path, found)

    def restore(self) -> None:
        """Remove what is new and write back what has changed, as far as possible."""
        if not self._complete:
            return
        present = list(self._entries())
        for path in reversed(present):
            kept = self._kept.get(path)
            if kept is None or kept[0] != _state(os.lstat(path)):
                with contextlib.suppress(OSError):
                    if os.path.isdir(path) and not os.path.islink(path):
                        os.rmdir(path)
                    else:
                        os.unlink(path)
        for path, (state, content) in list(self._kept.items()):
            with contextlib.suppress(OSError):
                if os.path.lexists(path):
                    continue
                if content is None:
                    os.mkdir(path)
                elif isinstance(content, str):
                    os.symlink(content, path)
                else:
                    with open(path, "wb") as file:
                        file.write(content)
                self._kept[path] = _state(os.lstat(path)), content
            del state
        with contextlib.suppress(OSError):
            os.chdir(self._current)

    def _entries(self) -> list[str]:
        """Return what lies beneath the folder, folders before their contents."""
        found: list[str] = []
        waiting = [(self._folder, 0)]
        while waiting:
            folder, depth = waiting.pop()
            with contextlib.suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    found.append(entry.path)
                    if depth < _MAX_DEPTH and entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
        return found


def _near_directory(folder: str) -> str:
    """Return the current directory; go back to the folder if the name of the current one is too long.

    Beyond the kernel's limit on a path, asking for the current directory takes half a second, and each import asks.
    """
    with contextlib.suppress(OSError):
        current = os.getcwd()
        if len(os.fsencode(current)) < _MAX_PATH:
            return current
    os.chdir(folder)
    return folder


def _state(found: os.stat_result) -> object:
    """Return what changes when a file is written. All folders are equal: what is in them has its own state."""
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    return found.st_ino, found.st_size, found.st_mtime_ns


def _content(path: str, found: os.stat_result) -> bytes | str | None:
    if stat.S_ISLNK(found.st_mode):
        return os.readlink(path)
    if stat.S_ISREG(found.st_mode):
        with open(path, "rb") as file:
            return file.read()
    return None
