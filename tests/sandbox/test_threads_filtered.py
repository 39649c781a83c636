"""The filter also binds threads that ran before it was installed, such as a driver's."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.files import PACKAGE_DIR

pytestmark = pytest.mark.sandbox

PROGRAM = """
import queue, socket, sys, threading
sys.path.insert(0, {root!r})
from autograder.sandbox import seccomp
go, said = threading.Event(), queue.Queue()

def tries():
    go.wait()
    try:
        socket.socket()
        said.put("a socket")
    except PermissionError:
        said.put("refused")

thread = threading.Thread(target=tries)
thread.start()
seccomp.install(seccomp.build_filter(pid_namespace=True))
go.set()
print(said.get())
thread.join()
"""


def test_a_thread_that_runs_already_is_filtered() -> None:
    """It can make no socket, as if it had been started later."""
    program = PROGRAM.format(root=str(PACKAGE_DIR.parent))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "refused", done.stderr
