"""Where a batch stands, read from what lies on the disk; nothing is changed, and no run is disturbed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.batch.lock import is_locked
from autograder.batch.results import Journal
from autograder.batch.state import RunState
from autograder.batch.underway import Underway
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.layout import Course
from autograder.engines.hidden.task import Task
from autograder.verdict import Status

__all__ = ["BatchStatus", "State", "batch_status", "counted"]

#: What becomes of a submission: how its result ended if that holds.
State = Status | Literal["changed", "waiting"]


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """Counts of submissions, and what is known of the last run.

    The first three count results that hold; a result whose submission, checks or versions changed since is
    `changed`, one that a run left half written too; `waiting` has no result. Together they are `submissions`.
    """

    slug: str
    submissions: int
    graded: int
    rejected: int
    ungraded: int
    changed: int
    waiting: int
    running: bool
    run: RunState | None

    @property
    def left(self) -> int:
        """How many the next `grade` would grade."""
        return self.ungraded + self.changed + self.waiting

    @property
    def last(self) -> str:
        """How the last run went, in a sentence; empty if there was none."""
        if self.run is None:
            return ""
        if self.running:
            return f"a run is going on: {self.run.who}, {self.run.total} to grade"
        if not self.run.ending:
            return f"the last run (since {self.run.began}) was killed; what it had written is kept"
        return f"the last run (since {self.run.began}) {_ENDINGS.get(self.run.ending, self.run.ending)}"

    @property
    def advice(self) -> str:
        """How to go on."""
        if self.running:
            return "wait for it, or end it with Ctrl-C where it was started: what is done is kept"
        if not self.submissions:
            return "collect submissions with `nbgrader collect` or `nbgrader zip_collect`, or copy them there"
        if self.left:
            return f"run `autograder grade {self.slug}`: it grades {self.left} and leaves the others as they are"
        return "nothing is left to grade"


_ENDINGS = {"finished": "came to its end", "interrupted": "was interrupted", "failed": "failed"}


def batch_status(course: Course, assignment: Assignment) -> BatchStatus:
    """Look at every submission and its result.

    A result is compared with its own device and tier, because those of the next run are not known yet.
    """
    directories = Directories(course)
    folder = course.results_dir / assignment.slug
    journal = Journal.open(folder, assignment, None)
    half_done = Underway(folder).students
    states: list[State] = []
    for handin in directories.handins(assignment.slug):
        grade = journal.result(handin.student)
        if grade is None:
            states.append("waiting")
        elif grade.status is Status.UNGRADED:
            states.append(Status.UNGRADED)
        elif (
            handin.student in half_done
            or not journal.standing(handin.student, handin.notebook, grade.device, grade.tier).same
            or not Task.of(directories, assignment.slug, handin).is_written(grade.status)
        ):
            states.append("changed")
        else:
            states.append(grade.status)
    return counted(assignment.slug, folder, states)


def counted(slug: str, folder: Path, states: Sequence[State]) -> BatchStatus:
    """Count the submissions, and say what is known of the last run in that folder."""
    counts = Counter(states)
    running, run = is_locked(folder), RunState.read(folder)
    return BatchStatus(
        slug=slug,
        submissions=len(states),
        graded=counts[Status.GRADED],
        rejected=counts[Status.REJECTED],
        ungraded=counts[Status.UNGRADED],
        changed=counts["changed"],
        waiting=counts["waiting"],
        running=running,
        run=run,
    )
