"""Faults with nothing played back: the command itself, real judges, zygotes and workers, killed in mid-batch."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from faults.eight import FIRST, SLUG, hand_in, make_course
from faults.state import State, differences

from autograder.sandbox.memory_watch import descendants

__all__ = ["RealRounds"]

#: What is hit, and how often in twelve faults.
KINDS = {"worker": 4, "zygote": 3, "judge": 3, "coordinator": 1, "interrupt": 1}
SEED = 7
COPIES = 1
#: How long a run may take on a busy machine, and how long after an interrupt.
ENDS_WITHIN_S = 300.0
STOPS_WITHIN_S = 2.0
#: A run that was hit is repeated; each submission that lost two judges needs one more run.
MAX_RUNS = 12
PAUSE_S = 0.01


class RealRounds:
    """A class, its undisturbed grading, and rounds in which the grading is disturbed."""

    def __init__(self, disk: Path, seed: int) -> None:
        self.disk, self.seed = disk / "really", seed
        self.counts: Counter[str] = Counter()
        self.runs = 0
        self._pack: list[str] = []
        self.slowest_interrupt_s = 0.0
        self.target = make_course(self.disk / "origin" / "course")
        self.work = {f"{student}{n}": cells for n in range(COPIES) for student, cells in FIRST.items()}
        self.root = self.disk / "course"

    def prepare(self) -> None:
        """Grade without a fault."""
        self._enter()
        run = self._start()
        begun = time.monotonic()
        _, said = run.communicate(timeout=ENDS_WITHIN_S)
        self.seconds = time.monotonic() - begun
        assert run.returncode == 0, said
        self.due = State.of(self.root)
        assert len(self.due.gradebook["grades"]) == len(self.work)

    def round(self, number: int, faults: int) -> int:
        """Grade, hit running processes at most this often, run again until all is graded; return the number of hits.

        Raises:
            AssertionError: if something is wrong; names the seed and the hits.
        """
        draw = random.Random(f"{self.seed}-real-{number}")
        self._enter()
        history: list[str] = []
        try:
            for _ in range(MAX_RUNS):
                if self._disturbed_run(draw, faults - len(history), history) == 0:
                    break
            else:
                raise AssertionError(f"not done after {MAX_RUNS} runs")
            found = differences(State.of(self.root), self.due)
            assert not found, f"not as after an undisturbed run: {found}"
            assert not others(), f"left running: {others()}"
        except AssertionError as failure:
            raise AssertionError(f"seed {self.seed}, round {number}, hit: {history}: {failure}") from failure
        self.counts.update(h.split()[0] for h in history)
        return len(history)

    def _enter(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.target.root, self.root)
        hand_in(self.target, self.work, where=self.root)

    def _start(self) -> subprocess.Popen[str]:
        self.runs += 1
        command = [sys.executable, "-m", "autograder", "grade", SLUG, "--course", str(self.root)]
        return subprocess.Popen(
            [*command, "--jobs", "1", "--device", "cpu", "--seed", str(SEED), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _disturbed_run(self, draw: random.Random, faults: int, history: list[str]) -> int:
        """Return the exit code; it is never None, because a run ends."""
        run = self._start()
        hits = min(faults, draw.randint(1, 4))
        times = sorted(draw.uniform(0, 1.1 * self.seconds) for _ in range(hits))
        begun = time.monotonic()
        for when in times:
            _wait(run, begun + when - time.monotonic())
            if run.poll() is not None:
                break
            # Drawn as from a pack of cards, so that each kind has its turn.
            self._pack = self._pack or draw.sample(list(KINDS), counts=list(KINDS.values()), k=sum(KINDS.values()))
            kind = self._pack.pop()
            if kind == "interrupt":
                self._interrupt(run, draw)
                history.append("interrupt")
                break
            victims = _processes(run.pid)[kind]
            if not victims:
                # No process of that kind now: the batch is between two submissions, or still warming up.
                self._pack.insert(0, kind)
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(draw.choice(victims), signal.SIGKILL)
                history.append(f"{kind} after {time.monotonic() - begun:.2f} s")
        try:
            out, err = run.communicate(timeout=ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            left, log = others(), self.root / "results" / SLUG / ".grader.log"
            run.kill()
            said = run.communicate()[0][-800:]
            told = log.read_text(encoding="utf-8")[-800:] if log.exists() else ""
            raise AssertionError(f"did not end within {ENDS_WITHIN_S:g} s: {left}; {said}; {told}") from None
        sys.stderr.write(f"run {self.runs} ended with {run.returncode}; so far: {history}\n")
        # SIGTERM and SIGINT before the batch begins end it as they end any program.
        assert run.returncode in {0, 3, 130, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT}, (
            f"exit code {run.returncode}: {err[-1500:]}"
        )
        assert "Traceback" not in err, err[-1500:]
        if run.returncode == 3:
            last = json.loads(out.splitlines()[-1])
            reasons = [str(n["reason"]) for n in last.get("not_graded", ())] + [str(last.get("message", ""))]
            assert any("grad" in reason for reason in reasons), last
        _until_alone()
        return run.returncode

    def _interrupt(self, run: subprocess.Popen[str], draw: random.Random) -> None:
        begun = time.monotonic()
        for _ in range(draw.randint(1, 3)):
            run.send_signal(draw.choice([signal.SIGINT, signal.SIGTERM]))
        run.wait(ENDS_WITHIN_S)
        took = time.monotonic() - begun
        self.slowest_interrupt_s = max(self.slowest_interrupt_s, took)
        left = others()
        assert not left, f"left running after an interrupt: {left}"


def _wait(run: subprocess.Popen[str], seconds: float) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        run.wait(max(0.0, seconds))


def _processes(coordinator: int) -> dict[str, list[int]]:
    """Sort a coordinator's process tree: judges are its children, zygotes theirs, workers all below them."""
    found: dict[str, list[int]] = {"coordinator": [coordinator], "judge": [], "zygote": [], "worker": []}
    for judge in _children(coordinator):
        if b"autograder.engines.hidden.judge" not in _command(judge):
            continue
        found["judge"].append(judge)
        for zygote in _children(judge):
            if b"zygote.py" in _command(zygote):
                found["zygote"].append(zygote)
                found["worker"] += descendants(zygote)
    return found


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    return []


def _command(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def others() -> list[str]:
    """Name every other running process in this pid namespace; collect those that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid())
    return [f"{pid} {command[:120]!r}" for pid in pids if (command := _command(pid))]


def _until_alone() -> None:
    """Wait for the end of what a killed coordinator leaves: its judges die with it, their zygotes a moment later."""
    deadline = time.monotonic() + STOPS_WITHIN_S * 5
    while others():
        assert time.monotonic() < deadline, f"left running: {others()}"
        time.sleep(PAUSE_S)
