"""Judges in parallel processes: hand out tasks, take results, replace a judge that dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path

from autograder.batch.executors.base import OnLost
from autograder.batch.executors.judge_process import MAX_LOST_IN_A_ROW, SLACK_S, START_S, JudgeProcess
from autograder.batch.executors.second_tries import SecondTries
from autograder.batch.task import Task
from autograder.engines.base import Finished, JudgeSetup, Ready, Started, Warming, Work
from autograder.engines.own_limit import MEMORY_CODE, breaks_the_judge
from autograder.errors import AssignmentError, DeviceFault, GraderFault
from autograder.sandbox.forkserver import ForkServer, in_use
from autograder.sentences import say

__all__ = ["JudgePool"]

STOP_S = 15.0
#: The same where a person waits for the end of an interrupted batch.
HURRY_S = 1.0
TASKS_WORTH_A_JUDGE = 4


@dataclass(slots=True)
class _Judge:
    process: JudgeProcess
    deadline: float
    ready: bool = False
    task: Task | None = None
    work: Work | None = None


@dataclass(slots=True)
class JudgePool:
    """Runs tasks on `jobs` judges.

    A submission whose judge dies or hangs is given to a new judge, once: it may not have been the cause. If the judge
    ran out of memory, the submission gets its new judge when all others are done, so that it runs alone. The same is
    done once for a submission that ran out of time while others had the processors. If a submission loses its second
    judge too, `on_lost` makes its result, from its work and a reason.
    """

    setup: JudgeSetup
    jobs: int
    #: Where judges write messages about their own faults.
    log: Path
    submission_s: float
    on_lost: OnLost
    #: Where judges keep their temporary files; None for the system's place.
    scratch: Path | None = None
    _judges: list[_Judge] = field(default_factory=list)
    _second: SecondTries = field(default_factory=SecondTries)
    _lost_in_a_row: int = 0
    #: It loads once what the zygotes of all judges need.
    _own_server: ForkServer | None = None

    def run(self, tasks: Sequence[Task]) -> Generator[Started | Warming | Finished]:
        """Yield results as they come, in no order.

        Raises:
            AssignmentError: if the hidden checks themselves are wrong.
            GraderFault: if judges keep dying before they are ready.
            DeviceFault: if no judge gets a GPU.
        """
        waiting = deque(tasks)
        done = False
        try:
            # Starting a judge costs as much as a handful of submissions.
            judges = max(1, min(self.jobs, len(tasks) // TASKS_WORTH_A_JUDGE))
            if judges > 1 and self.setup.USUAL and self.setup.device == "cpu" and in_use() is None:
                self._own_server = ForkServer()
            for _ in range(judges):
                self._start()
            while waiting or any(j.work is not None for j in self._judges):
                yield from self._turn(waiting)
            while self._second.alone:
                task = self._second.alone.popleft()
                waiting.append(task)
                if self._second.alone_in_memory(task) or [j.ready for j in self._judges] != [True]:
                    # A fresh judge, and no other one that takes memory.
                    self._stop(hurry=False)
                    self._start()
                else:
                    yield from self._begin(self._judges[0], waiting)
                while waiting or any(j.work is not None for j in self._judges):
                    yield from self._turn(waiting)
            done = True
        finally:
            self._stop(hurry=not done)
            self._close_server()

    def _close_server(self) -> None:
        if self._own_server is not None:
            self._own_server.close()
            self._own_server = None

    def _start(self) -> None:
        process = JudgeProcess(self.setup, self.log, self.scratch, self._own_server or in_use())
        self._judges.append(_Judge(process, time.monotonic() + START_S))

    def _turn(self, waiting: deque[Task]) -> Iterator[Started | Warming | Finished]:
        by_connection = {j.process.connection: j for j in self._judges}
        now = time.monotonic()
        timeout = max(0.0, min((j.deadline for j in self._judges), default=now) - now)
        ready = wait(list(by_connection), timeout)
        for connection in ready:
            judge = by_connection[connection]  # type: ignore[index]
            try:
                message = judge.process.receive()
            except EOFError:
                yield from self._lost(judge, say("batch.judge-ended"), waiting)
                continue
            if isinstance(message, Warming):
                yield message
                continue
            if isinstance(message, Ready):
                if message.problem is not None:
                    yield from self._not_ready(judge, message, message.problem, waiting)
                    continue
                judge.ready = True
                if all(j.ready for j in self._judges):
                    # It would save seconds at a later start, but its memory is worth more.
                    self._close_server()
            else:
                yield from self._taken(judge, message)
            yield from self._begin(judge, waiting)
        for judge in list(self._judges):
            if time.monotonic() > judge.deadline:
                judge.process.kill()
                yield from self._lost(judge, say("batch.judge-silent"), waiting)

    def _begin(self, judge: _Judge, waiting: deque[Task]) -> Iterator[Started]:
        """Give a judge that is free the next submission, if there is one."""
        self._give(judge, waiting)
        if judge.work is not None:
            yield Started(judge.work.student)

    def _taken(self, judge: _Judge, finished: Finished) -> Iterator[Finished]:
        """Take a judge's result; a submission that may do better alone waits, once, until nothing else runs."""
        task, judge.work, judge.task = judge.task, None, None
        self._lost_in_a_row = 0
        if task is None or not self._second.waits(task, finished):
            yield finished

    def _not_ready(
        self, judge: _Judge, message: Ready, problem: str, waiting: deque[Task]
    ) -> Iterator[Started | Finished]:
        """Do without a judge, or start another in its place.

        Raises:
            AssignmentError: if no other could do better.
            DeviceFault: if no judge has a GPU, or may have one soon.
        """
        if message.final:
            raise AssignmentError(problem)
        if not message.of_device:
            # Its zygote may have been killed while it warmed up; another may do better.
            yield from self._lost(judge, problem, waiting)
            return
        self._judges.remove(judge)
        judge.process.lost(STOP_S)
        if not self._judges:
            raise DeviceFault(f"{problem}. Nothing is lost: correct that and run the command again.")

    def _give(self, judge: _Judge, waiting: deque[Task]) -> None:
        judge.deadline = float("inf")
        if waiting:
            judge.task = waiting.popleft()
            judge.work = replace(judge.task.load(), alone=self._second.last(judge.task))
            judge.deadline = time.monotonic() + self.submission_s + SLACK_S
            if not judge.process.send(judge.work):
                judge.deadline = time.monotonic()  # it died just now; the next turn finds it

    def _lost(self, judge: _Judge, reason: str, waiting: deque[Task]) -> Iterator[Finished]:
        """Put a new judge in its place; the submission that it held gets one more chance."""
        self._judges.remove(judge)
        code = judge.process.lost(STOP_S)
        self._lost_in_a_row += 1
        if judge.task is not None and judge.work is not None:
            codes = self._second.lost(judge.task, code)
            if len(codes) > 1:
                twice = say("batch.lost-twice", reason=reason, code=code, log=str(self.log))
                yield self.on_lost(judge.work, twice, broken=breaks_the_judge(codes))
            elif code == MEMORY_CODE:
                self._second.alone.append(judge.task)
            else:
                waiting.appendleft(judge.task)
        if self._lost_in_a_row >= MAX_LOST_IN_A_ROW and not judge.ready:
            raise GraderFault(
                f"no grading process can be started: {reason} (exit code {code}). What it said: {self.log}. "
                "Correct that and run the command again; nothing is lost."
            )
        if waiting:
            self._start()

    def _stop(self, *, hurry: bool) -> None:
        """End all judges, and they their zygotes and workers; in a hurry what they are at is not wanted any more."""
        for judge in self._judges:
            judge.process.hang_up(hurry=hurry)
        deadline = time.monotonic() + (HURRY_S if hurry else STOP_S)
        for judge in self._judges:
            judge.process.ended(max(0.1, deadline - time.monotonic()))
        self._judges.clear()
