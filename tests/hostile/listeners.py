"""What a machine offers to code that can reach it: a local port, an abstract socket, System V shared memory."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

__all__ = ["listeners"]

PORT = 47613


@contextlib.contextmanager
def listeners(token: str) -> Iterator[None]:
    """Offer a token on a local port, on an abstract socket and in shared memory."""
    # One at a time: a port and a name are the same for every attack.
    with contextlib.ExitStack() as stack:
        path = Path(tempfile.gettempdir(), f"autograder-hostile-{os.getuid()}.lock")
        lock = stack.enter_context(path.open("w", encoding="ascii"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", PORT)))]
        servers.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
        servers[1].bind("\0autograder-hostile")
        servers[1].listen()
        for server in servers:
            thread = threading.Thread(target=_serve, args=(server, token), daemon=True)
            thread.start()
            stack.callback(_end, server, thread)
        made = subprocess.run(["ipcmk", "-M", "64", "-p", "0666"], capture_output=True, text=True, check=True)
        number = made.stdout.split()[-1]
        stack.callback(subprocess.run, ["ipcrm", "-m", number], check=True)
        libc = ctypes.CDLL(None)
        libc.shmat.restype = ctypes.c_void_p
        ctypes.memmove(libc.shmat(int(number), None, 0), token.encode(), len(token))
        yield


def _serve(server: socket.socket, token: str) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                connection.sendall(token.encode())


def _end(server: socket.socket, thread: threading.Thread) -> None:
    """End a server; while its thread still accepts, the name stays taken for the next one."""
    with contextlib.suppress(OSError):
        server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()
