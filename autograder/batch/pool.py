"""Judges in parallel processes: hand out tasks, take results, replace a judge that dies."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any, Protocol

from autograder.batch.messages import Finished, JudgeSetup, Ready, Work
from autograder.errors import AssignmentError, GraderFault

__all__ = ["JudgePool", "Loadable"]

START_S = 180.0
STOP_S = 15.0
#: A judge that answers later than this after its submission's own limit hangs.
SLACK_S = 60.0
MAX_LOST_IN_A_ROW = 3
TASKS_WORTH_A_JUDGE = 4


class Loadable(Protocol):
    """A task that can be read when its turn comes: memory holds few submissions at a time."""

    def load(self) -> Work:
        """Read what was handed in; what is wrong with it is told in the result."""


@dataclass(slots=True)
class _Judge:
    process: subprocess.Popen[bytes]
    connection: Connection[Any, Any]
    deadline: float
    ready: bool = False
    work: Work | None = None


@dataclass(slots=True)
class JudgePool:
    """Runs tasks on `jobs` judges.

    `on_lost` makes the result of a submission whose judge died or hung, from its work and a reason.
    """

    setup: JudgeSetup
    jobs: int
    #: Where judges write what they have to say about their own faults.
    log: Path
    submission_s: float
    on_lost: Callable[[Work, str], Finished]
    #: The program of a judge.
    module: str = "autograder.batch.judge"
    _judges: list[_Judge] = field(default_factory=list)
    _lost_in_a_row: int = 0

    def run(self, tasks: Sequence[Loadable]) -> Generator[Finished]:
        """Yield results as they come, in no order.

        Raises:
            AssignmentError: if the hidden checks themselves are wrong.
            GraderFault: if judges keep dying before they are ready.
        """
        waiting = deque(tasks)
        try:
            # Starting a judge costs as much as a handful of submissions.
            for _ in range(max(1, min(self.jobs, len(tasks) // TASKS_WORTH_A_JUDGE))):
                self._start()
            while waiting or any(j.work is not None for j in self._judges):
                yield from self._turn(waiting)
        finally:
            self._stop()

    def _start(self) -> None:
        ours, theirs = Pipe()
        environment = {
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            # Two judges on two cores: more threads would only get in each other's way.
            "OMP_NUM_THREADS": "1",
            "MKL_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        environment.pop("PYTEST_ADDOPTS", None)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", self.module, str(theirs.fileno()), str(os.getpid())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                env=environment,
                # Ctrl-C at the terminal is for the coordinator, which then tells the judges.
                start_new_session=True,
            )
        theirs.close()
        ours.send(self.setup)
        self._judges.append(_Judge(process, ours, time.monotonic() + START_S))

    def _turn(self, waiting: deque[Loadable]) -> Iterator[Finished]:
        by_connection = {j.connection: j for j in self._judges}
        now = time.monotonic()
        timeout = max(0.0, min((j.deadline for j in self._judges), default=now) - now)
        ready = wait(list(by_connection), timeout)
        for connection in ready:
            judge = by_connection[connection]  # type: ignore[index]
            try:
                message = judge.connection.recv()
            except (EOFError, OSError):
                yield from self._lost(judge, "the grading process ended unexpectedly", waiting)
                continue
            if isinstance(message, Ready):
                if message.problem is not None:
                    raise (AssignmentError if message.final else GraderFault)(message.problem)
                judge.ready = True
            else:
                judge.work = None
                self._lost_in_a_row = 0
                yield message
            self._give(judge, waiting)
        for judge in list(self._judges):
            if time.monotonic() > judge.deadline:
                judge.process.kill()
                yield from self._lost(judge, "the grading process did not answer in time", waiting)

    def _give(self, judge: _Judge, waiting: deque[Loadable]) -> None:
        judge.deadline = float("inf")
        if waiting:
            judge.work = waiting.popleft().load()
            judge.deadline = time.monotonic() + self.submission_s + SLACK_S
            try:
                judge.connection.send(judge.work)
            except OSError:
                judge.deadline = time.monotonic()  # it died just now; the next turn finds it

    def _lost(self, judge: _Judge, reason: str, waiting: deque[Loadable]) -> Iterator[Finished]:
        """Put a new judge in its place; the submission that it held stays ungraded."""
        self._judges.remove(judge)
        judge.connection.close()
        code = judge.process.wait()
        self._lost_in_a_row += 1
        if judge.work is not None:
            yield self.on_lost(judge.work, f"{reason} (exit code {code}); grade again. What it said: {self.log}")
        if self._lost_in_a_row >= MAX_LOST_IN_A_ROW and not judge.ready:
            raise GraderFault(
                f"no grading process can be started: {reason} (exit code {code}). What it said: {self.log}"
            )
        if waiting:
            self._start()

    def _stop(self) -> None:
        for judge in self._judges:
            judge.connection.close()
        deadline = time.monotonic() + STOP_S
        for judge in self._judges:
            if judge.work is not None:
                judge.process.terminate()  # interrupted: what it is at is not wanted any more
            try:
                judge.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                judge.process.kill()
                judge.process.wait()
        self._judges.clear()
