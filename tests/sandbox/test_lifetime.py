"""Nothing outlives the grader: not when it is killed, and not when a part of it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny_course import TinyCourse, cell

from autograder.sandbox.host import ZygoteProcess
from autograder.sandbox.memory_watch import descendants
from autograder.sandbox.spec import Tier, WorkerLimits

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).resolve().parents[2]
GONE_S = 3.0


def wait_until_gone(pids: list[int]) -> list[int]:
    """Wait a little and return what is still there; zombies are gone."""
    deadline = time.monotonic() + GONE_S
    while (left := [p for p in pids if _alive(p)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_nothing_survives_when_the_grader_is_killed(tiny: TinyCourse) -> None:
    """SIGKILL to `autograder grade`, with a notebook that resists its end, leaves no process."""
    notebook = tiny.solved()
    cell(notebook, "double")["source"] = (
        "import ctypes, os, signal\nctypes.CDLL(None).prctl(1, 0)\n"
        "for n in range(1, 65):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nfor _ in range(3):\n    os.fork()\nwhile True:\n    pass"
    )
    for student in ("one", "two"):
        tiny.hand_in(student, notebook)
    (tiny.root / "solutions" / "tiny" / "checks" / "test_tiny.py").write_text(
        "import pytest\n"
        "@pytest.mark.exercise('double')\ndef test_a(student):\n    assert student.double(1) == 2\n"
        "@pytest.mark.exercise('Counter')\ndef test_b(student):\n"
        "    assert student.tools.example('Counter().up()') == 1\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "autograder", "grade", "tiny", "--course", str(tiny.root), "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as grader:
        deadline = time.monotonic() + 60
        while len(found := descendants(grader.pid)) < 8 and time.monotonic() < deadline:
            assert grader.poll() is None
            time.sleep(0.05)
        assert len(found) >= 8
        grader.send_signal(signal.SIGKILL)
        grader.wait()
        assert not wait_until_gone(found)


@pytest.mark.parametrize("tier", [Tier.A, Tier.B, Tier.C], ids=["tier-A", "tier-B", "tier-C"])
def test_nothing_survives_a_zygote_that_is_killed(tier: Tier) -> None:
    """Workers, and what they started, end with their zygote, or when its judge notices."""
    zygote = ZygoteProcess(tier)
    try:
        worker = zygote.spawn(WorkerLimits())
        source = "import os, time\nfor _ in range(2):\n    if os.fork() == 0:\n        time.sleep(60)"
        request = {"source": source, "limit_s": 5.0, "limit_bytes": 1000, "name": "c"}
        worker.channel.request("cell", request, 10)
        found = [zygote.pid, *descendants(zygote.pid)]
        assert len(found) >= 4
        os.kill(zygote.pid, signal.SIGKILL)
    finally:
        zygote.close()
    assert not wait_until_gone(found)
