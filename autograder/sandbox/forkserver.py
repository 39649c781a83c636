"""A process that has loaded what every zygote loads, and makes zygotes by forking.

Loading torch and its relatives takes seconds of processor time; a fork takes milliseconds. The result is a zygote like
any other: it gets its own environment, session, descriptors and specification, and confines itself. The server has seen
no course and no student, only the request for a zygote, and it ends when its owner does.

A zygote with another interpreter, a GPU, a kernel or other libraries is started as a program instead.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.files import PACKAGE_DIR
from autograder.sandbox.trees import remove_tree

__all__ = ["ForkServer", "Forked", "adopt", "in_use", "named_to_child", "use"]

#: How long a request may wait for the server to be ready, in seconds.
READY_S = 60.0
_FD_NAME = "AUTOGRADER_FORK_SERVER"
_SCRIPT = Path(__file__).with_name("zygote.py")


class Forked:
    """A zygote that was asked for; `made` says whether it exists. Like a `Popen`, it can be waited for and killed."""

    def __init__(self, reply: socket.socket) -> None:
        self._reply: socket.socket | None = reply
        self._pid = 0
        self._pidfd = -1

    def made(self) -> bool:
        """Wait until the server has answered; false if it made none."""
        if self._reply is not None:
            reply, self._reply = self._reply, None
            with reply, contextlib.suppress(OSError, ValueError):
                if select.select([reply], [], [], READY_S)[0]:
                    data, fds, _, _ = socket.recv_fds(reply, 64, 1)
                    if data and fds:
                        self._pid, self._pidfd = int(data), fds[0]
        return self._pidfd >= 0

    @property
    def pid(self) -> int:
        """The process; 0 if none was made."""
        self.made()
        return self._pid

    def kill(self) -> None:
        """End it."""
        if self.made():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: if it does not end in time.
        """
        if self.made() and not select.select([self._pidfd], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("a forked zygote", timeout or 0.0)

    def __del__(self) -> None:
        if self._pidfd >= 0:
            os.close(self._pidfd)
        if self._reply is not None:
            self._reply.close()


class ForkServer:
    """A running server, or a connection to one; use as a context manager."""

    def __init__(self, control: socket.socket | None = None) -> None:
        """Connect to the server behind `control`, or start one that ends with this object."""
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._broken = False
        if control is not None:
            self._control = control
            return
        # Not at the top: that module uses this one.
        from autograder.sandbox.host import zygote_environment

        self._scratch = tempfile.mkdtemp(prefix="autograder-")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-s", "-P", str(_SCRIPT), "--forks", str(theirs.fileno()), str(PACKAGE_DIR.parent)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=zygote_environment(self._scratch, "cpu"),
                cwd="/",
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def ask(self, spec: str, environment: Mapping[str, str], control: int, log: int) -> Forked | None:
        """Ask for a zygote, without waiting for it; None if the server is gone.

        Args:
            spec: what it is to be, as JSON.
            environment: all of its environment.
            control: the descriptor of its end of the control socket.
            log: the descriptor of the file that it writes to.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if self._send({"spec": spec, "environment": dict(environment)}, theirs.fileno(), control, log):
                return Forked(ours)
        ours.close()
        return None

    def share(self) -> socket.socket | None:
        """Return a connection of its own for another process; None if the server is gone."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if self._send({"share": True}, theirs.fileno()):
                return ours
        ours.close()
        return None

    def _send(self, request: Mapping[str, object], *fds: int) -> bool:
        if not self._broken:
            try:
                socket.send_fds(self._control, [json.dumps(request).encode()], [*fds])
            except OSError:
                self._broken = True
        return not self._broken

    def close(self) -> None:
        """Hang up; a server that was started here ends, and the zygotes that it made go on."""
        self._control.close()
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                # It is still loading.
                self._process.kill()
                self._process.wait()
            self._process = None
            remove_tree(self._scratch)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_used: ForkServer | None = None


def in_use() -> ForkServer | None:
    """Return the server that this process takes its zygotes from; None if it starts each as a program."""
    return _used


def use(server: ForkServer | None) -> None:
    """Let this process take its zygotes from a server, or from none."""
    global _used  # noqa: PLW0603 - one to a process
    _used = server


def adopt() -> None:
    """Take zygotes from the server that the parent process named in the environment, if it named one."""
    number = os.environ.pop(_FD_NAME, "")
    if number.isdigit():
        with contextlib.suppress(OSError):
            control = socket.socket(fileno=int(number))
            control.set_inheritable(False)
            use(ForkServer(control))


def named_to_child(control: socket.socket) -> dict[str, str]:
    """Return the entry of a child's environment that `adopt` looks for."""
    return {_FD_NAME: str(control.fileno())}
