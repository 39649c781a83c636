"""`multiprocessing` and joblib as notebooks use them, where no program can be started.

A process that is made by `spawn` or `forkserver` begins as a new program, and so do joblib's own workers and the
tracker of shared memory. Here all processes are forks, joblib works in threads, and nothing is tracked: what a worker
leaves behind is deleted with its directory. Locks are pipes, because those of the system wait at a futex that other
processes know, which is refused. If a worker has no `/dev/shm` of its own and may send no signals, shared memory is
files, and pools are threads.
"""

from __future__ import annotations

import array
import fcntl
import importlib
import os
import select
import tempfile
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

__all__ = ["PipeSemaphore", "fork_always", "share_without_system"]

_RECURSIVE = 0


def fork_always() -> None:
    """Make every way to start a process a fork, locks pipes, and joblib work without processes.

    Call it before any process is started.
    """
    import multiprocessing.context as contexts
    import multiprocessing.resource_tracker as tracking

    # joblib's own switch: it uses threads then, and says so if a notebook names another backend.
    os.environ["JOBLIB_MULTIPROCESSING"] = "0"
    known: dict[str, Any] = contexts._concrete_contexts  # type: ignore[attr-defined] # noqa: SLF001 - no other way
    for name in ("spawn", "forkserver"):
        known[name] = type(f"{name.title()}ByFork", (contexts.ForkContext,), {"_name": name})()
    native: Any = importlib.import_module("_multiprocessing")
    native.SemLock = PipeSemaphore
    tracker: Any = tracking.ResourceTracker
    tracker.ensure_running = lambda *_: None
    tracker._send = lambda *_: None  # noqa: SLF001 - as above


def share_without_system() -> None:
    """Replace what needs `/dev/shm` or signals, in a worker that has neither."""
    import multiprocessing
    from concurrent import futures
    from multiprocessing import context, heap, shared_memory
    from multiprocessing.pool import ThreadPool

    arena: Any = heap.Arena
    arena._dir_candidates = []  # noqa: SLF001 - no other way
    files: Any = shared_memory
    files._posixshmem = _Files  # noqa: SLF001 - as above
    base: Any = context.BaseContext
    base.Pool = lambda _, processes=None, initializer=None, initargs=(), __=None, **___: ThreadPool(
        processes, initializer, initargs
    )
    whole: Any = multiprocessing
    whole.Pool = multiprocessing.get_context().Pool
    pools: Any = importlib.import_module("concurrent.futures.process")
    found: Any = futures
    found.ProcessPoolExecutor = pools.ProcessPoolExecutor = _Executor


class _Executor(ThreadPoolExecutor):
    """A pool of threads in the place of a pool of processes."""

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: Any = None,
        initializer: Any = None,
        initargs: tuple[Any, ...] = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        super().__init__(max_workers, initializer=initializer, initargs=initargs)


class _Files:
    """Shared memory as files: what `multiprocessing.shared_memory` asks its C module for."""

    @staticmethod
    def shm_open(path: str, flags: int, mode: int = 0o600) -> int:
        """Open a file in the worker's own directory."""
        return os.open(_place(path), flags | os.O_CLOEXEC, mode)

    @staticmethod
    def shm_unlink(path: str) -> None:
        """Remove it."""
        os.unlink(_place(path))


def _place(path: str) -> str:
    return os.path.join(tempfile.gettempdir(), f".shm-{path.strip('/').replace('/', '-')}")


class PipeSemaphore:
    """`_multiprocessing.SemLock` over a pipe: the number of bytes in it is the semaphore's value; forks share it."""

    SEM_VALUE_MAX = 32767

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:  # noqa: FBT001 - as in C
        del unlink
        self.kind, self.maxvalue, self.name, self.handle = kind, maxvalue, None, 0
        self._given_name = name
        self._mine = (0, 0)
        self._times = 0
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.write(self._write, b"x" * value)

    def __del__(self) -> None:
        with suppress(OSError, AttributeError):
            os.close(self._read)
            os.close(self._write)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:  # noqa: FBT001, FBT002 - as in C
        """Take one; with `block`, wait until there is one or the time is over."""
        if self.kind == _RECURSIVE and self._is_mine():
            self._times += 1
            return True
        end = None if timeout is None else time.monotonic() + max(0.0, timeout)
        while True:
            with suppress(BlockingIOError):
                if os.read(self._read, 1):
                    break
            left = None if end is None else end - time.monotonic()
            if not block or (left is not None and left <= 0):
                return False
            select.select([self._read], [], [], left)
        self._times += 1
        self._mine = (os.getpid(), threading.get_ident())
        return True

    def release(self) -> None:
        """Give one back.

        Raises:
            AssertionError: if a recursive lock is held by another.
            ValueError: if more are given back than there were.
        """
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._times > 1:
                self._times -= 1
                return
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._times -= 1
        os.write(self._write, b"x")

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _is_mine(self) -> bool:
        return self._times > 0 and self._mine == (os.getpid(), threading.get_ident())

    def _count(self) -> int:
        return self._times

    def _get_value(self) -> int:
        size = array.array("i", [0])
        fcntl.ioctl(self._read, termios.FIONREAD, size)
        return size[0]

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        self._times = 0
