"""What psutil tells a notebook about the machine and its own process: workers see no procfs.

Memory, processors and uptime are as they were when the zygote started. Only the notebook's own process is shown.
"""

from __future__ import annotations

import io
import math
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

__all__ = ["describe_machine"]

_PROC = "/proc"
#: The files about the machine; none of them is about one process or user.
_MACHINE = ("meminfo", "stat", "cpuinfo", "loadavg", "uptime", "vmstat", "zoneinfo")
_MAX_BYTES = 1 << 20
#: Fields of `/proc/PID/stat` after the program's name, by their position there.
_STAT_FIELDS = 50
_PPID, _UTIME, _STIME, _CHILD_UTIME, _CHILD_STIME, _NICE, _THREADS, _STARTED = 1, 11, 12, 13, 14, 16, 17, 19


def describe_machine() -> None:
    """Read what psutil may tell, and let psutil find it when it is imported; call it before any student's code."""
    known = {f"{_PROC}/{name}": _read(f"{_PROC}/{name}") for name in _MACHINE}
    sys.meta_path.insert(0, _Watch({k: v for k, v in known.items() if v}))


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(_MAX_BYTES)
    except OSError:
        return b""


class _Watch(MetaPathFinder):
    """Changes two of psutil's modules as they are loaded."""

    def __init__(self, known: dict[str, bytes]) -> None:
        self._changes: dict[str, Callable[[Any], None]] = {
            "psutil._common": lambda module: _open_from(module, known),
            "psutil._pslinux": _only_this_process,
        }

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See importlib."""
        change = self._changes.get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if change else None
        if change is not None and spec is not None and spec.loader is not None:
            spec.loader = _Changing(spec.loader, change)
        return spec


class _Changing(Loader):
    """Loads a module as another loader does, and changes it."""

    def __init__(self, loader: Any, change: Callable[[Any], None]) -> None:
        self._loader = loader
        self._change = change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """See importlib."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """See importlib."""
        self._loader.exec_module(module)
        self._change(module)


def _open_from(module: Any, known: dict[str, bytes]) -> None:
    """Make psutil's own functions that open files return the machine's and this process's."""
    binary, text = module.open_binary, module.open_text

    def content(path: object) -> bytes | None:
        name = os.fspath(path) if isinstance(path, (str, os.PathLike)) else ""
        return known.get(str(name)) or _of_process(str(name))

    def open_binary(path: object) -> Any:
        found = content(path)
        return binary(path) if found is None else io.BytesIO(found)

    def open_text(path: object) -> Any:
        found = content(path)
        return text(path) if found is None else io.StringIO(found.decode("utf-8", "replace"))

    module.open_binary, module.open_text = open_binary, open_text


def _only_this_process(module: Any) -> None:
    module.pids = lambda: [os.getpid()]
    module.pid_exists = lambda pid: pid == os.getpid()


def _of_process(path: str) -> bytes | None:
    """Return a file of this process's directory in procfs; None for any other."""
    own = f"{_PROC}/{os.getpid()}/"
    if not path.startswith(own):
        return None
    used, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = os.sysconf("SC_CLK_TCK")
    pages = used.ru_maxrss * 1024 // os.sysconf("SC_PAGESIZE")
    match path.removeprefix(own):
        case "stat":
            fields = ["0"] * _STAT_FIELDS
            fields[0] = "R"
            for at, value in (
                (_PPID, os.getppid()),
                (_UTIME, used.ru_utime * ticks),
                (_STIME, used.ru_stime * ticks),
                (_CHILD_UTIME, children.ru_utime * ticks),
                (_CHILD_STIME, children.ru_stime * ticks),
                (_NICE, os.getpriority(os.PRIO_PROCESS, 0)),
                (_THREADS, len(sys._current_frames())),  # noqa: SLF001 - also those that threading does not know
                (_STARTED, (time.clock_gettime(time.CLOCK_BOOTTIME) - time.process_time()) * ticks),
            ):
                fields[at] = str(math.ceil(value))
            return f"{os.getpid()} (python) {' '.join(fields)}\n".encode()
        case "statm":
            # The memory in use now is not known; this is the most that was in use.
            return f"{pages} {pages} 0 0 0 {pages} 0\n".encode()
        case "status":
            user, group = f"\t{os.getuid()}", f"\t{os.getgid()}"
            return (
                f"Name:\tpython\nState:\tR (running)\nUid:{4 * user}\nGid:{4 * group}\n"
                f"Threads:\t{len(sys._current_frames())}\n"  # noqa: SLF001 - as above
                f"voluntary_ctxt_switches:\t{used.ru_nvcsw}\nnonvoluntary_ctxt_switches:\t{used.ru_nivcsw}\n"
            ).encode()
        case "cmdline":
            return b"python\0-m\0ipykernel_launcher\0"
        case _:
            return None
