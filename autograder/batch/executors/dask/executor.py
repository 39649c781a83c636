"""The coordinator's side: a bounded number of tasks with the scheduler, results as they come."""

from __future__ import annotations

import contextlib
import itertools
import secrets
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from autograder.batch.executors.base import OnLost
from autograder.batch.executors.dask import remote
from autograder.batch.executors.dask.bundle import Bundle
from autograder.batch.executors.dask.connect import Cluster, on_workers
from autograder.batch.executors.dask.messages import Answer, Lost, Order, Unprepared, Unusable
from autograder.batch.executors.judge_process import patience_s
from autograder.batch.executors.second_tries import SecondTries
from autograder.batch.task import Task
from autograder.engines.base import Engine, Finished, JudgeSetup
from autograder.engines.own_limit import MEMORY_CODE, breaks_the_judge
from autograder.errors import AssignmentError, GraderFault, UsageError
from autograder.sentences import say

if TYPE_CHECKING:
    from distributed import Future

__all__ = ["DaskExecutor"]

#: So that each worker finds its next submission waiting; more would only fill the scheduler's memory.
TASKS_PER_SLOT = 2
LOOK_S = 5.0
#: So long may a cluster be without any worker.
NO_WORKER_S = 60.0
GATHER_S = 30.0
DISMISS_S = 1.2


@dataclass(slots=True)
class DaskExecutor:
    """Grades on the workers of `cluster`.

    What a lost worker was grading, dask repeats on another one, `distributed.scheduler.allowed-failures` times. A
    submission that loses one worker after the other is left ungraded by `on_lost`. `jobs` is the most that are graded
    at a time.
    """

    cluster: Cluster
    engine: Engine
    setup: JudgeSetup
    jobs: int | None
    #: Where the judges' messages about their own faults are collected.
    log: Path
    on_lost: OnLost
    _flying: dict[Future, Task] = field(default_factory=dict)
    _landed: SimpleQueue[Future] = field(default_factory=SimpleQueue)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _second: SecondTries = field(default_factory=SecondTries)
    _looked: float = 0.0
    _deserted: float | None = None

    def run(self, tasks: Sequence[Task]) -> Generator[Finished]:
        """Yield results as they come, in no order; closing the iterator ends all work.

        Raises:
            AssignmentError: if the hidden checks themselves are wrong.
            UsageError: if a worker that joined later cannot be used.
            GraderFault: if the scheduler or all workers are gone.
        """
        order = Order(
            key=secrets.token_hex(8),
            bundle=Bundle.of(self.engine.bundle()),
            setup=self.setup,
            submission_s=patience_s(self.engine.submission_s, self.setup.device),
        )
        waiting = deque(tasks)
        try:
            self._prepare(order, sorted(self.cluster.offers))
            self._looked = time.monotonic()
            while waiting or self._flying or self._second.alone:
                if self._second.alone and not waiting and not self._flying:
                    self._submit(order, self._second.alone.popleft())
                slots = min(self.cluster.slots, self.jobs or self.cluster.slots)
                limit = slots if self.jobs else slots * TASKS_PER_SLOT
                while waiting and len(self._flying) < limit:
                    self._submit(order, waiting.popleft())
                with contextlib.suppress(Empty):
                    yield from self._take(order, self._landed.get(timeout=LOOK_S / 5))
                if time.monotonic() - self._looked > LOOK_S:
                    self._look(order)
        finally:
            self._dismiss(order)

    def _submit(self, order: Order, task: Task) -> None:
        future = self.cluster.client.submit(
            remote.grade,
            order.key,
            replace(task.load(), alone=self._second.last(task)),
            alone=self._second.alone_in_memory(task),
            key=f"autograder-{order.key}-{next(self._numbers)}",
            pure=False,
            resources=dict(self.cluster.resources) or None,
        )
        self._flying[future] = task
        future.add_done_callback(self._landed.put)

    def _take(self, order: Order, future: Future) -> Iterator[Finished]:
        task = self._flying.pop(future)
        try:
            answer = self._result(future)
        except TimeoutError:
            # The worker was lost with its result, and another one is at it again.
            self._flying[future] = task
            future.add_done_callback(self._landed.put)
            return
        finally:
            if future not in self._flying:
                future.release()
        if isinstance(answer, Unprepared):
            if answer.worker in self.cluster.offers:
                self._prepare(order, [answer.worker])
            else:
                self._look(order)
            self._submit(order, task)
            return
        if not isinstance(answer, str):
            self._note(answer)
        if isinstance(answer, Unusable):
            fault = AssignmentError if answer.final else GraderFault
            raise fault(f"the dask worker {answer.worker}: {answer.problem}")
        if isinstance(answer, Answer):
            if not self._second.waits(task, answer.finished):
                yield answer.finished
        elif isinstance(answer, Lost):
            yield from self._lost(order, task, answer)
        else:
            yield self.on_lost(task.load(), say("batch.no-answer", problem=answer))

    def _lost(self, order: Order, task: Task, lost: Lost) -> Iterator[Finished]:
        """Try a submission that lost its judge again, once: as on this machine, it may not have been the cause."""
        codes = self._second.lost(task, lost.code)
        if len(codes) > 1:
            twice = say(
                "batch.lost-twice-on-worker",
                reason=lost.reason,
                code=lost.code,
                worker=lost.worker,
                log=str(self.log),
            )
            yield self.on_lost(task.load(), twice, broken=breaks_the_judge(codes))
        elif lost.code == MEMORY_CODE:
            self._second.alone.append(task)
        else:
            self._submit(order, task)

    @staticmethod
    def _result(future: Future) -> Any:
        """Return what came back, or a text that says why nothing will.

        Raises:
            TimeoutError: if it is under way again.
            GraderFault: if the scheduler is gone.
        """
        from distributed.scheduler import KilledWorker

        if future.status == "cancelled":
            raise GraderFault("the dask scheduler was lost or dropped the work; run the same command again.")
        try:
            return future.result(timeout=GATHER_S)
        except TimeoutError:
            raise
        except KilledWorker as error:
            return (
                f"every dask worker that had this submission was lost; dask allows {error.allowed_failures} such losses"
            )
        except Exception as error:
            raise GraderFault(f"dask could not run the grader: {type(error).__name__}: {error}") from error

    def _prepare(self, order: Order, workers: Sequence[str]) -> None:
        """Send the assignment to workers, once each."""
        if not workers:
            return
        for address, problem in on_workers(self.cluster.client, remote.prepare, order, workers=workers).items():
            # A worker that cannot be reached is lost, and its work goes elsewhere.
            if problem is not None and not isinstance(problem, OSError):
                raise GraderFault(f"the dask worker {address} cannot take the assignment: {problem}")

    def _look(self, order: Order) -> None:
        """Look which workers came and which went."""
        self._looked = time.monotonic()
        if self.cluster.client.status != "running":
            raise GraderFault("the dask scheduler is gone; what is done is kept, run the same command again.")
        try:
            new = self.cluster.refresh()
        except OSError as error:
            raise GraderFault(f"the dask scheduler cannot be asked: {error}") from None
        except UsageError as error:
            raise GraderFault(f"{error} It joined while the batch ran.") from None
        self._prepare(order, new)
        if self.cluster.offers:
            self._deserted = None
        elif self._deserted is None:
            self._deserted = time.monotonic()
        elif time.monotonic() - self._deserted > NO_WORKER_S:
            raise GraderFault(f"the dask cluster has had no worker for {NO_WORKER_S:.0f} s; what is done is kept.")

    def _note(self, answer: Answer | Lost | Unusable) -> None:
        if answer.said:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            with self.log.open("a", encoding="utf-8") as file:
                file.write(answer.said.rstrip() + "\n")

    def _dismiss(self, order: Order) -> None:
        """Cancel what is in flight and end all judges, without waiting for workers that do not answer."""

        def end() -> None:
            with contextlib.suppress(Exception):  # a worker that is not reached forgets the batch by itself
                client.cancel(flying, force=True)
            with contextlib.suppress(Exception):
                client.run(remote.dismiss, order.key, on_error="ignore")

        client, flying = self.cluster.client, list(self._flying)
        self._flying.clear()
        closer = threading.Thread(target=end, name="autograder-dismiss", daemon=True)
        closer.start()
        closer.join(DISMISS_S if flying else remote.STOP_S)
