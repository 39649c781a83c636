"""The fork server's own side; `autograder.sandbox.forkserver` starts it and sends it requests."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping

__all__ = ["serve_forks"]

_MAX_REQUEST = 1 << 20


def serve_forks(control: socket.socket, become: Callable[[socket.socket, str], object]) -> None:
    """Fork for each request, until the owner hangs up.

    Args:
        control: the owner's connection; more of them come with its requests.
        become: run in each child; it does not return.
    """
    signal.signal(signal.SIGCHLD, _reap)
    connections = [control]
    while control in connections:
        for ready in select.select(connections, [], [])[0]:
            try:
                data, fds, _, _ = socket.recv_fds(ready, _MAX_REQUEST, 3)
            except OSError:
                data, fds = b"", []
            if not data:
                connections.remove(ready)
                ready.close()
                continue
            request = json.loads(data)
            if "share" in request:
                connections += [socket.socket(fileno=fd) for fd in fds]
            else:
                _fork(request, fds, become)


def _reap(*_: object) -> None:
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _fork(request: Mapping[str, object], fds: list[int], become: Callable[[socket.socket, str], object]) -> None:
    """Fork, and answer the request; after a fork that failed the connection closes without an answer."""
    reply = socket.socket(fileno=fds[0])
    # The number of a child that ends at once must not be used again before its owner has a descriptor of it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        with contextlib.suppress(OSError):
            pid = os.fork()
            if pid == 0:
                _become(request, fds, become)
            pidfd = os.pidfd_open(pid)
            socket.send_fds(reply, [str(pid).encode()], [pidfd])
            os.close(pidfd)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        reply.close()
        for fd in fds[1:]:
            os.close(fd)


def _become(request: Mapping[str, object], fds: list[int], become: Callable[[socket.socket, str], object]) -> None:
    """Turn the child into a process like one that was started as a program."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.setsid()
        _, control, log = fds
        for standard in (1, 2):
            os.dup2(log, standard)
        moved = os.dup2(control, max(control, 3))
        os.closerange(3, moved)
        os.closerange(moved + 1, 4096)
        os.environ.clear()
        os.environ.update(request["environment"])  # type: ignore[call-overload]
        if "numpy" in sys.modules:
            # Each process that loads numpy begins with numbers of its own.
            sys.modules["numpy"].random.seed()
        tempfile.tempdir = None
        become(socket.socket(fileno=moved), str(request["spec"]))
        code = 0
    finally:
        os._exit(code)
