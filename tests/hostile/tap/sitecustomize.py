"""Loaded by the judges of a test's batch: keeps every byte that a worker sends, so that a test can search them.

The path comes in AUTOGRADER_TEST_TAP. Zygotes and workers start with a clean environment and never see this file.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable

if "AUTOGRADER_TEST_TAP" in os.environ and "autograder.engines.hidden.judge" in " ".join(sys.orig_argv):
    from autograder.sandbox import channel
    from autograder.sentences import Sentence

    _original = channel.Channel.__init__

    class _Tapped(socket.socket):
        """Writes what it receives to a file of this process."""

        def recv_into(self, *arguments: object, **options: object) -> int:
            got: int = super().recv_into(*arguments, **options)  # type: ignore[arg-type]
            buffer = arguments[0]
            with open(f"{os.environ['AUTOGRADER_TEST_TAP']}.{os.getpid()}", "ab") as file:
                file.write(bytes(memoryview(buffer)[:got]))  # type: ignore[arg-type]
            return got

    def _init(self: channel.Channel, sock: socket.socket, why_gone: Callable[[], Sentence] = Sentence) -> None:
        _original(self, _Tapped(fileno=sock.detach()), why_gone)

    channel.Channel.__init__ = _init  # type: ignore[method-assign]
