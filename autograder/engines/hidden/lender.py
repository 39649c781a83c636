"""Calls lent functions, which are the reference's, with values from a student's code, in a process of their own.

The values may be large, or make a function run for ever; so the judge does not call the reference itself. A copy of the
judge does, with little memory and time, and ends together with its examination. Only values go in and only values come
out: the reference itself stays in that process.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import os
import resource
import signal
import socket
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from autograder.checks.student import copy_values
from autograder.errors import ProtocolError
from autograder.sandbox import system
from autograder.sandbox.wire.frames import Frame, FrameError, PeerClosed, PeerTimeout, receive_frame, send_frame
from autograder.sandbox.wire.trees import leaves
from autograder.sandbox.wire.values import Codec
from autograder.sandbox.worker.calling import other_names

__all__ = ["LentProcess"]

#: For all arguments of one call together, and for one answer.
MAX_BYTES = 8 << 20
MAX_PARTS = 10_000
#: For one exercise: a run of three optimizers over some hundred steps makes a thousand calls.
MAX_CALLS = 20_000
#: A function takes milliseconds; on a busy machine it waits for a processor.
CALL_S = 20.0
CPU_S = 30
#: What the process may use more than the judge does.
MEMORY_BYTES = 1 << 30
_VALUES = (bool, int, float, str, type(None))


class LentProcess:
    """A process that holds some of the reference's functions; use it as a context manager."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        """Start the process.

        Args:
            functions: the lent functions, by name.
        """
        self._functions = functions
        self._calls = 0
        self._codec = Codec()
        self._sock, theirs = socket.socketpair()
        with warnings.catch_warnings():
            # The judge's other thread watches processes; the copy uses no lock that this thread may hold.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._pid = os.fork()
        if self._pid == 0:
            _serve(theirs, functions)
        theirs.close()
        self._alive = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._sock.close()
        if self._alive:
            self._alive = False
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)

    def __call__(
        self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any], own: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Answer one call of a student's code.

        Args:
            name: the function.
            args: its arguments by position.
            kwargs: its arguments by name.
            own: the names of its parameters in the notebook, where they are known.

        Returns:
            The `value`; or an `error` and the `type` of the built-in exception for it.

        Raises:
            ProtocolError: if the function was not lent, or is called too often.
        """
        self._calls += 1
        if name not in self._functions or self._calls > MAX_CALLS:
            raise ProtocolError("a call of a function that was not lent, or too many")
        if not self._alive:
            return _refused("RuntimeError", f"{name} cannot be worked any more")
        if not _are_values([*args, *kwargs.values()]):
            return _refused("TypeError", f"the lent {name} takes values: tensors, numbers, texts, lists of them")
        due = list(inspect.signature(self._functions[name]).parameters)
        stands_for = other_names(own, due)
        if own and stands_for is not None and len(args) <= len(own):
            meant = {theirs: ours for ours, theirs in stands_for.items()}
            given = {**dict(zip(own, args, strict=False)), **kwargs}
            args, kwargs = (), {meant.get(key, key): value for key, value in given.items()}
        deadline = time.monotonic() + CALL_S
        try:
            node, buffers = self._codec.encode([name, args, kwargs])
            send_frame(self._sock, Frame("ops", "", node, tuple(buffers)), deadline=deadline)
            frame = receive_frame(self._sock, deadline=deadline)
            answer = self._codec.decode(frame.payload, frame.buffers)
        except (PeerClosed, PeerTimeout):
            # Too much memory or time: the student's code passed values that the reference cannot handle.
            self.close()
            return _refused("RuntimeError", f"{name} needs too much memory or time for this")
        except FrameError:
            return _refused("ValueError", f"{name} was given too much")
        return dict(answer)


def _refused(kind: str, message: str) -> dict[str, Any]:
    return {"error": message, "type": kind, "value": None}


def _are_values(given: Sequence[Any]) -> bool:
    """Whether arguments are plain values, and not too many or too large."""
    import numpy as np
    import torch

    total = 0
    for count, leaf in enumerate(leaves(list(given)), 1):
        if isinstance(leaf, (torch.Tensor, np.ndarray)):
            total += leaf.nbytes
        elif type(leaf) not in _VALUES and not isinstance(leaf, (np.bool_, np.integer, np.floating, torch.dtype)):
            return False
        if count > MAX_PARTS or total > MAX_BYTES:
            return False
    return True


# -- in the process ----------------------------------------------------------------------------------------


def _serve(sock: socket.socket, functions: Mapping[str, Callable[..., Any]]) -> None:
    """Answer calls until the judge is done; never returns."""
    code = 1
    try:
        _confine(sock)
        _answer_calls(sock, functions)
        code = 0
    finally:
        os._exit(code)


def _confine(sock: socket.socket) -> None:
    import torch

    system.die_with_parent()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.closerange(3, sock.fileno())
    os.closerange(sock.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
    limits = {
        resource.RLIMIT_AS: _address_bytes() + MEMORY_BYTES,
        resource.RLIMIT_CPU: _used_s() + CPU_S,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, limit in limits.items():
        hard = resource.getrlimit(kind)[1]
        most = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (most, most))
    # The threads that computed before the fork do not exist here; torch would wait for them.
    torch.set_num_threads(1)
    # The judge's random numbers must not reach a student.
    torch.manual_seed(0)


def _address_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _used_s() -> int:
    return int(time.process_time()) + 1


def _answer_calls(sock: socket.socket, functions: Mapping[str, Callable[..., Any]]) -> None:
    codec = Codec()
    while True:
        try:
            frame = receive_frame(sock)
        except PeerClosed:
            return
        name, args, kwargs = codec.decode(frame.payload, frame.buffers)
        answer = _worked(functions[name], args, kwargs)
        node, buffers = codec.encode(answer)
        send_frame(sock, Frame("answer", "", node, tuple(buffers)))


def _worked(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        value = function(*copy_values(args), **copy_values(kwargs))
    except Exception as error:  # noqa: BLE001 - an exception of the reference is an answer
        kind = type(error).__name__ if hasattr(builtins, type(error).__name__) else "ValueError"
        # The exception's text is not sent: it is the reference's.
        return _refused(kind, f"raised by the lent function {function.__name__}")
    if not _are_values([value]):
        return _refused("ValueError", f"the lent {function.__name__} has no answer that can be sent")
    return {"error": None, "type": "", "value": value}
