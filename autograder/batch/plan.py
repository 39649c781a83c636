"""What is to be done for each submission: nothing, writing what is known already, or running some of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograder.batch.journal import Journal
from autograder.batch.messages import Finished, JudgeSetup
from autograder.batch.outputs import Outputs
from autograder.batch.preview import Preview
from autograder.batch.task import Task
from autograder.gradebook.directories import Directories, Handin
from autograder.verdict import Grade

__all__ = ["Plan", "make_plan"]

#: Makes the result of a submission that need not run; None if what it was to be made of is gone meanwhile.
Maker = Callable[[], Finished | None]


@dataclass(slots=True)
class Plan:
    """The submissions by what is to be done: nothing, making a result of what is known, running in part or whole."""

    unchanged: dict[str, Grade] = field(default_factory=dict)
    reevaluated: list[tuple[Task, Maker]] = field(default_factory=list)
    previewed: list[tuple[Task, Maker]] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)

    @property
    def ready(self) -> list[tuple[Task, Maker]]:
        """Those whose results are made without a run."""
        return [*self.reevaluated, *self.previewed]

    @property
    def everything(self) -> dict[str, Task]:
        """Whatever is to be written, by student."""
        return {t.student: t for t in (*(task for task, _ in self.ready), *self.tasks)}


def make_plan(
    handins: Sequence[Handin], directories: Directories, journal: Journal, setup: JudgeSetup, *, force: bool
) -> Plan:
    """Look at every submission; no code runs for that."""
    plan = Plan()
    preview, outputs = Preview(journal), Outputs(journal.assignment)
    for handin in handins:
        student, notebook = handin.student, handin.notebook
        task = Task.of(directories, setup.slug, handin)
        if force:
            plan.tasks.append(task)
            continue
        standing = journal.standing(student, notebook, setup.device, setup.tier)
        grade = standing.grade
        if grade is not None and task.is_written(grade.status):
            if standing.same:
                plan.unchanged[student] = grade
            else:
                make = functools.partial(outputs.of_reevaluated, grade, task.autograded)
                plan.reevaluated.append((task, make))
        elif preview.usable(student, notebook, setup.device, setup.tier) is not None:
            plan.previewed.append((task, functools.partial(preview.valid, student, notebook)))
        else:
            plan.tasks.append(task.keeping(standing, journal.assignment))
    return plan
