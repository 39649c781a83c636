"""Zygotes forked from one process with torch loaded are like those started as programs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.forkserver import Forked, ForkServer, in_use, use
from autograder.sandbox.host import Worker, ZygoteProcess
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.probe import choose_tier
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
#: What a notebook finds out about its process; its private directory and numbers differ from zygote to zygote.
LOOKS = """
import os, signal, sys, threading
import numpy, torch
places = ("HOME", "IPYTHONDIR")
print(sorted((k, v) for k, v in os.environ.items() if k not in places), sys.argv, sys.path, sys.orig_argv, sys.flags)
print([signal.getsignal(n) for n in (signal.SIGCHLD, signal.SIGTERM)], signal.pthread_sigmask(signal.SIG_BLOCK, ()))
print(os.getpid() == os.getpgid(0), threading.active_count(), hash("a"), torch.get_num_threads(), torch.initial_seed())
print(sorted(name for name in sys.modules if not name.startswith(("IPython", "pygments"))))
"""


@pytest.fixture
def own_server() -> Iterator[ForkServer]:
    """Start a server for one test; other tests share the session's server."""
    shared = in_use()
    with ForkServer() as started:
        use(started)
        yield started
        use(shared)


def printed(worker: Worker, source: str) -> str:
    """Run a cell and return what it printed."""
    request = {"source": source, "limit_s": 20.0, "limit_bytes": 1 << 20, "name": "c"}
    answer: Any = worker.channel.request("cell", request, 30)
    return "".join(output.get("text", repr(output)) for output in answer["outputs"])


def looks(tier: Tier) -> tuple[type, str]:
    """Return how a zygote was made, and what a notebook finds there."""
    with ZygoteProcess(tier, hidden=[ROOT], beside=True) as zygote, zygote.spawn(WorkerLimits()) as worker:
        return type(zygote._process), printed(worker, LOOKS)


def test_a_notebook_finds_the_same() -> None:
    """Environment, arguments, signals, threads, seeds and modules are those of a zygote started as a program."""
    tier = choose_tier(Tier.C).tier
    how, there = looks(tier)
    assert how is Forked
    shared = in_use()
    use(None)
    try:
        how, found = looks(tier)
    finally:
        use(shared)
    assert how is subprocess.Popen
    assert there.splitlines()[:3] == found.splitlines()[:3]
    # One module more may be loaded, for the server; of this package only the sandbox.
    more = set(there.splitlines()[3][1:-1].split(", ")) - set(found.splitlines()[3][1:-1].split(", "))
    assert not [name for name in more if "autograder" in name and "sandbox" not in name]


def test_forked_zygotes_are_no_twins() -> None:
    """Each has its own random numbers, as each process that loads numpy has; each can be waited for and killed."""
    found = set()
    for _ in range(2):
        with ZygoteProcess(Tier.C) as zygote:
            with zygote.spawn(WorkerLimits()) as worker:
                found.add(printed(worker, "import numpy\nprint(numpy.random.rand())"))
            with pytest.raises(subprocess.TimeoutExpired):
                zygote._process.wait(timeout=0.01)
            zygote._process.kill()
            zygote._process.wait(timeout=20)
    assert len(found) == 2


@pytest.mark.parametrize(
    "options", [{"libraries": ()}, {"environment": {"ANSWER": "42"}}, {"warm": False}], ids=["libraries", "own", "cold"]
)
def test_what_is_unusual_is_a_program(options: dict[str, Any]) -> None:
    """A zygote with other libraries or its own environment is not forked from the server."""
    with ZygoteProcess(Tier.C, **options) as zygote:
        assert type(zygote._process) is subprocess.Popen


def test_a_server_that_is_gone_costs_time_only(own_server: ForkServer) -> None:
    """A zygote that was requested but never made is started as a program; so is the next one."""
    assert own_server._process is not None
    with ZygoteProcess(Tier.C) as zygote:
        own_server._process.kill()
        own_server._process.wait()
        with zygote.spawn(WorkerLimits()) as worker:
            assert type(zygote._process) is subprocess.Popen
            assert printed(worker, "print(6 * 7)") == "42\n"
    with ZygoteProcess(Tier.C) as zygote:
        assert type(zygote._process) is subprocess.Popen


@pytest.mark.full
def test_what_it_made_outlives_it(own_server: ForkServer) -> None:
    """Its owner closes the connection when all judges are ready; their zygotes go on, and end with their judges."""
    with ZygoteProcess(Tier.C) as zygote:
        zygote.wait_until_ready()
        own_server.close()
        with zygote.spawn(WorkerLimits()) as worker:
            assert printed(worker, "print(6 * 7)") == "42\n"
        pid = zygote.pid
    assert not _runs(pid)


OWNER = """
import sys, time
from autograder.sandbox.forkserver import ForkServer, use
from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.spec import Tier
server = ForkServer()
use(server)
zygote = ZygoteProcess(Tier.C)
if sys.argv[1] == "ready":
    zygote.wait_until_ready()
print("now", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("when", [pytest.param("loading", marks=pytest.mark.full), "ready"])
def test_nothing_outlives_its_owner(when: str) -> None:
    """At any time, and in any way, the end of the owner ends the server and its zygotes."""
    command = [sys.executable, "-c", OWNER, when]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "now\n"
        found = descendants(owner.pid)
        assert found
        owner.send_signal(signal.SIGKILL)
    end = time.monotonic() + 60
    while (left := [pid for pid in found if _runs(pid)]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


def _runs(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
