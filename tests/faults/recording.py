"""Real gradings, recorded once; and an executor that plays them back, so that the rest of `grade` can run often."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path

from faults.eight import SLUG

from autograder.batch import BatchOptions, BatchReport, SilentProgress, grade_batch
from autograder.batch.executors.local import JudgePool
from autograder.batch.task import Task
from autograder.course.layout import open_course
from autograder.engines.base import Finished, Started, Warming
from autograder.engines.registry import open_engine

__all__ = ["Recording", "grade"]

Run = Callable[[JudgePool, Sequence[Task]], Generator[Started | Warming | Finished]]


def grade(root: Path, seed: int, *, force: bool = False) -> BatchReport:
    """Grade everything, on the CPU, with one judge."""
    options = BatchOptions(jobs=1, device="cpu", seed=seed, force=force)
    return grade_batch(open_engine(open_course(root), SLUG), options, SilentProgress())


class Recording:
    """`Finished` values by seed, student and the submission's bytes."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str, str], Finished] = {}
        self._real: Run = JudgePool.run

    def record(self) -> None:
        """From now on, remember every result of real judges."""
        real, known = self._real, self._known

        def run(pool: JudgePool, tasks: Sequence[Task]) -> Generator[Started | Warming | Finished]:
            for event in real(pool, tasks):
                if isinstance(event, Finished):
                    known[pool.setup.seed, event.grade.student, event.grade.submission_sha256] = event
                yield event

        JudgePool.run = run  # type: ignore[assignment,method-assign]

    def replay(self) -> None:
        """From now on, take results from memory, in the order of the tasks."""
        known = self._known

        def run(pool: JudgePool, tasks: Sequence[Task]) -> Generator[Started | Warming | Finished]:
            for task in tasks:
                work = task.load()
                yield Started(work.student)
                yield known[pool.setup.seed, work.student, work.sha256]

        JudgePool.run = run  # type: ignore[assignment,method-assign]
