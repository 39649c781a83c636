"""Run `autograder check` as on Windows: what Python lacks there is taken away until the Jupyter kernel starts.

Run as a program, with the notebook. The libraries are loaded before, because they choose their code by the platform.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import IPython  # noqa: F401 - as above
import jupyter_client  # noqa: F401 - as above
import matplotlib as mpl
import matplotlib_inline.backend_inline  # noqa: F401 - as above
import nbclient  # noqa: F401 - as above
import nbformat  # noqa: F401 - as above
import rich.console
import torch  # noqa: F401 - as above
import typer  # noqa: F401 - as above

MODULES = ("fcntl", "resource", "pwd", "grp", "termios", "tty", "pty")
NAMES: dict[Any, str] = {
    os: "fork memfd_create geteuid getuid getgid sched_getaffinity sched_setaffinity setsid wait4 killpg pipe2 "
    "O_CLOEXEC O_NOFOLLOW O_DIRECTORY O_NONBLOCK WNOHANG sysconf mkfifo pidfd_open eventfd chroot statvfs",
    signal: "SIGKILL SIGXCPU SIGUSR1 SIGCHLD SIGALRM SIGSTOP SIGCONT SIGPIPE SIGHUP SIGXFSZ SIGSYS SIGQUIT "
    "pthread_sigmask setitimer",
    socket: "AF_UNIX SCM_RIGHTS recv_fds send_fds socketpair",
}


def take_away() -> Callable[[], None]:
    """Take it away, and return a function that restores it."""
    taken = {(module, name): vars(module).pop(name) for module, names in NAMES.items() for name in names.split()}
    loaded = {name: sys.modules.get(name) for name in MODULES}
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    platform, library = sys.platform, ctypes.CDLL

    def windows_library(name: str | None, *args: Any, **kwargs: Any) -> Any:
        if name is None:
            raise TypeError("bad argument type for built-in operation")
        return library(name, *args, **kwargs)

    sys.platform, ctypes.CDLL = "win32", windows_library  # type: ignore[misc,assignment]

    def give_back() -> None:
        for (module, name), value in taken.items():
            setattr(module, name, value)
        for name, module in loaded.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
        sys.platform, ctypes.CDLL = platform, library  # type: ignore[misc]

    return give_back


def main() -> None:
    """Import and run the command."""
    asyncio.new_event_loop().close()
    mpl.use("Agg")
    rich.console.Console()
    give_back = take_away()
    from autograder.authoring import check_run
    from autograder.cli import main as command

    in_kernel = check_run._in_kernel

    def as_before(*args: Any) -> Any:
        give_back()
        return in_kernel(*args)

    check_run._in_kernel = as_before  # type: ignore[assignment]
    command()


if __name__ == "__main__":
    main()
