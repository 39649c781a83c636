"""What is to be done for each submission: nothing, writing what is known already, or running some of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.batch.preview import Preview
from autograder.batch.results import Journal
from autograder.course.gradebook.directories import Directories, Handin
from autograder.engines.base import Finished
from autograder.engines.hidden.reuse import Standing
from autograder.engines.hidden.task import Task
from autograder.engines.hidden.texts import Outputs
from autograder.files import have_receipts

__all__ = ["Plan", "make_plan"]

#: Makes the result of a submission that need not run; None if what it was to be made of is gone meanwhile.
Maker = Callable[[], Finished | None]


@dataclass(slots=True)
class Plan:
    """The submissions by what is to be done: nothing, making a result of what is known, running in part or whole."""

    unchanged: list[str] = field(default_factory=list)
    reevaluated: list[tuple[Task, Maker]] = field(default_factory=list)
    previewed: list[tuple[Task, Maker]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    #: The folders of everybody, by student.
    folders: dict[str, Task] = field(default_factory=dict)

    @property
    def ready(self) -> list[tuple[Task, Maker]]:
        """Those whose results are made without a run."""
        return [*self.reevaluated, *self.previewed]

    @property
    def everything(self) -> int:
        """How many are to be written."""
        return len(self.ready) + len(self.tasks)


def make_plan(
    handins: Sequence[Handin],
    directories: Directories,
    journal: Journal,
    where: Sequence[tuple[str, str]],
    *,
    anew: Container[str] | bool,
) -> Plan:
    """Look at every submission; no code runs for that.

    `where` holds each device and tier that a run may have; a result from one of them holds. `anew` are students
    whose earlier results count for nothing: some, or all of them.
    """
    plan = Plan()
    preview, outputs = Preview(journal), Outputs(journal.assignment)
    for handin in handins:
        student, notebook = handin.student, handin.notebook
        task = Task.of(directories, journal.assignment.slug, handin)
        plan.folders[student] = task
        if anew is True or (anew and student in anew):
            plan.tasks.append(task)
            continue
        look = functools.partial(_standing, journal, student, notebook, where)
        standing = look()
        grade = standing.grade
        if grade is not None and task.is_written(grade.status):
            if standing.same and have_receipts(task.submitted_dir, task.feedback_dir):
                plan.unchanged.append(student)
            else:
                # Looked at again when it is due: results of thousands would fill the memory.
                plan.reevaluated.append((task, functools.partial(_reevaluated, look, outputs, task)))
        elif any(preview.usable(student, notebook, device, tier) is not None for device, tier in where):
            plan.previewed.append((task, functools.partial(preview.valid, student, notebook)))
        else:
            # The parts of a result are of one tier: where machines differ, nothing is run in part.
            plan.tasks.append(task.keeping(standing, journal.assignment) if len(where) == 1 else task)
    return plan


def _standing(journal: Journal, student: str, notebook: Path | None, where: Sequence[tuple[str, str]]) -> Standing:
    found = [journal.standing(student, notebook, device, tier) for device, tier in where]
    return next((s for s in found if s.grade is not None or s.kept), found[0])


def _reevaluated(again: Callable[[], Standing], outputs: Outputs, task: Task) -> Finished | None:
    grade = again().grade
    return None if grade is None else outputs.of_reevaluated(grade, task.autograded)
