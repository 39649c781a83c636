"""What a run does for each submission: nothing, write what is known already, or run some of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field

from autograder.batch.preview import Preview
from autograder.batch.results import Results
from autograder.batch.task import Task
from autograder.course.gradebook.directories import Handin
from autograder.engines.base import Engine, Finished, Reuse
from autograder.files import have_receipts
from autograder.verdict import Grade, Status

__all__ = ["Plan", "Where", "make_plan", "reuse_of"]

#: Makes the result of a submission that need not run; None if its sources are gone meanwhile.
Maker = Callable[[], Finished | None]
#: A device and a tier.
Where = tuple[str, str]


@dataclass(slots=True)
class Plan:
    """The submissions by what is done with them: nothing, a result made of what is known, a run of a part or all."""

    unchanged: list[str] = field(default_factory=list)
    reevaluated: list[tuple[Task, Maker]] = field(default_factory=list)
    previewed: list[tuple[Task, Maker]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    #: The folders of everybody, by student.
    folders: dict[str, Task] = field(default_factory=dict)

    @property
    def ready(self) -> list[tuple[Task, Maker]]:
        """The submissions whose results are made without a run."""
        return [*self.reevaluated, *self.previewed]

    @property
    def everything(self) -> int:
        """How many submissions are written."""
        return len(self.ready) + len(self.tasks)


def make_plan(
    engine: Engine,
    handins: Sequence[Handin],
    results: Results,
    where: Sequence[Where],
    *,
    anew: Container[str] | bool,
) -> Plan:
    """Decide for every submission, without running code.

    `where` holds each device and tier that a run may have; a result from one of them holds. `anew` names students
    whose earlier results do not count, or says that nobody's do.
    """
    plan = Plan()
    preview = Preview(engine, results)
    for handin in handins:
        student = handin.student
        task = Task.of(engine, handin)
        plan.folders[student] = task
        known = results.path(student).is_file() or preview.holds_any(student)
        if anew is True or (anew and student in anew) or not known:
            plan.tasks.append(task)
            continue
        sha256 = engine.digest(handin)
        look = functools.partial(_look, engine, results, student, sha256, where)
        found = look()
        if found.grade is not None and task.is_written(found.grade.status):
            if found.same and have_receipts(task.submitted_dir, task.feedback_dir):
                plan.unchanged.append(student)
            elif engine.rebuilds:
                # It is read again when its turn comes: the results of thousands would fill the memory.
                plan.reevaluated.append((task, functools.partial(_rebuilt, look, engine, task)))
            else:
                plan.tasks.append(task)
        elif any(preview.usable(student, sha256, device, tier) is not None for device, tier in where):
            plan.previewed.append((task, functools.partial(preview.valid, student, sha256)))
        else:
            # All parts of a result are of one tier: where machines differ, a submission runs whole.
            plan.tasks.append(task.keeping(found) if len(where) == 1 else task)
    return plan


def reuse_of(engine: Engine, earlier: Grade | None, sha256: str, seed: int) -> Reuse:
    """Return how much of a result holds for the submission with that digest, on the result's own device and tier."""
    if earlier is None:
        return Reuse(why="not graded yet")
    if earlier.status is Status.UNGRADED:
        return Reuse(why="the grader failed on it")
    if earlier.submission_sha256 != sha256:
        return Reuse(why="handed in anew")
    if earlier.seed != seed:
        return Reuse(why="graded with another seed")
    return engine.reuse(earlier)


def _look(engine: Engine, results: Results, student: str, sha256: str, where: Sequence[Where]) -> Reuse:
    earlier = results.result(student)
    if earlier is not None and (earlier.device, earlier.tier) not in where:
        return Reuse(why="graded on another device or in another tier")
    return reuse_of(engine, earlier, sha256, results.seed)


def _rebuilt(again: Callable[[], Reuse], engine: Engine, task: Task) -> Finished | None:
    grade = again().grade
    return None if grade is None else engine.rebuilt(grade, task)
