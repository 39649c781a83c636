"""How much processor time a worker's processes may take from others, and how waiting processes are treated."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from busy_processors import busy_processors

from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.processor_watch import SHARE, waited_s
from autograder.sandbox.session import Session, SessionLimits
from autograder.sandbox.spec import WorkerLimits

pytestmark = pytest.mark.sandbox

LIMITS = WorkerLimits(memory_bytes=3 << 30, cpu_s=60, processes=64)
#: Takes a fixed amount of processor time, and then lives on for a while.
SPIN = "import time\nbegan = time.process_time()\nwhile time.process_time() - began < {seconds}:\n    pass\n"


@dataclass(frozen=True)
class Cell:
    """A code cell."""

    index: int
    name: str
    source: str


def session_of(zygote: ZygoteProcess, *sources: str, cell_s: float) -> Session:
    """Return a session of cells with this much time each."""
    limits = SessionLimits(cell_s=cell_s, check_s=2.0, submission_s=40.0, output_bytes=10_000, worker=LIMITS)
    return Session(zygote, limits, [Cell(number, f"cell {number}", source) for number, source in enumerate(sources)])


def until(found: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Wait until the condition holds; return False if it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found():
            return True
        time.sleep(0.1)
    return False


def test_many_processes_run_where_nothing_else_wants_to(zygote: ZygoteProcess) -> None:
    """All but the first get the policy for idle work; the process that runs the cells keeps its own."""
    with zygote.spawn(LIMITS) as worker:
        source = "import os\nfor _ in range(12):\n    if os.fork() == 0:\n        while True:\n            pass\n"
        worker.channel.request("cell", {"source": source, "limit_s": 10.0, "limit_bytes": 1000, "name": "c"}, 20)

        def slow() -> list[bool]:
            return [os.sched_getscheduler(p) == os.SCHED_IDLE for p in zygote.watch.processes()]

        assert until(lambda: sum(slow()) >= 12 - SHARE)
        assert slow()[:SHARE] == [False] * SHARE
        answer = worker.channel.request(
            "cell", {"source": "print(1)", "limit_s": 10.0, "limit_bytes": 1000, "name": "d"}, 20
        )
        assert answer["error"] is None
        zygote.watch.hurry()
        if os.geteuid() == 0:
            # Before they are ended they get their turn again, to free their memory, and keep it.
            zygote.watch.look_at_processors()
            assert not any(slow())
    assert not zygote.watch.processes()
    with zygote.spawn(LIMITS):
        assert not zygote.watch.processor.slowed


def test_one_busy_process_keeps_its_policy(zygote: ZygoteProcess) -> None:
    """A process that computes alone, as in every notebook, or with one helper, is within its share."""
    source = "import os\npid = os.fork()\n" + SPIN.format(seconds=1.5) + "if pid == 0:\n    os._exit(0)\n"
    session = session_of(zygote, source, cell_s=30)
    try:
        session.run()
        assert session.outcomes[0].fault is None
        assert not zygote.watch.processor.slowed
    finally:
        session.close()


def test_a_time_out_while_others_have_the_processors_is_noted(zygote: ZygoteProcess) -> None:
    """The time-out of a cell that does nothing is not noted, even if others are busy."""
    zygote.wait_until_ready()
    with busy_processors():
        session = session_of(zygote, SPIN.format(seconds=3), cell_s=3.5)
        try:
            session.run()
            assert session.outcomes[0].timeout
            assert session.starved
        finally:
            session.close()
        session = session_of(zygote, "import time\ntime.sleep(20)", cell_s=2)
        try:
            session.run()
            assert session.outcomes[0].timeout
            assert not session.starved
        finally:
            session.close()


def test_what_waits_is_known_from_outside() -> None:
    """The number grows for processes that wait for a processor, and there is none for a process that has ended."""
    with busy_processors() as busy:
        pid = busy.pid
        assert until(lambda: waited_s(pid) > 0.3)
    assert waited_s(pid) == 0.0
