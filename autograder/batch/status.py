"""Where a batch stands and what the next `grade` would change, read from the disk without a run or a change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.batch.handins import taking_part
from autograder.batch.lock import is_locked
from autograder.batch.plan import reuse_of
from autograder.batch.preview import Preview
from autograder.batch.results import Results
from autograder.batch.state import RunState
from autograder.batch.task import Task
from autograder.batch.underway import Underway
from autograder.course.gradebook.directories import Handin
from autograder.engines.base import Engine
from autograder.errors import UsageError
from autograder.feedback.changes import Change, compare
from autograder.verdict import Status

__all__ = ["BatchStatus", "Outlook", "Pending", "batch_status", "outlook"]

#: How a submission stands: the status of its result, if that still holds.
State = Status | Literal["changed", "waiting"]


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """Counts of submissions, and what is known of the last run.

    `graded`, `rejected` and `ungraded` count results that hold. `changed` counts results whose submission, checks or
    versions changed since, and those that a run left half written; `waiting` counts submissions without a result.
    Together they are `submissions`.
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


def batch_status(engine: Engine) -> BatchStatus:
    """Look at every submission and its result.

    A result is compared with its own device and tier, because those of the next run are not known yet.
    """
    results = Results(engine)
    half_done = Underway(results.folder).students
    states = [_state(engine, handin, results, half_done) for handin in taking_part(engine)]
    return _counted(engine.assignment.slug, results.folder, states)


def _state(engine: Engine, handin: Handin, results: Results, half_done: Container[str]) -> State:
    grade = results.result(handin.student)
    if grade is None:
        return "waiting"
    if grade.status is Status.UNGRADED:
        return grade.status
    if handin.student in half_done or not Task.of(engine, handin).is_written(grade.status):
        return "changed"
    holds = reuse_of(engine, grade, engine.digest(handin), results.seed).same
    return grade.status if holds else "changed"


@dataclass(frozen=True, slots=True)
class Pending:
    """A submission whose score only a run can tell: why, and which exercises would run."""

    student: str
    reason: str
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The changes that are certain, from previews or from scoring stored outcomes anew, and what is not certain."""

    changes: tuple[Change, ...]
    pending: tuple[Pending, ...]


def outlook(engine: Engine) -> Outlook:
    """Compare the results with the previews of a dry run, and with what they are under today's points and weights.

    Raises:
        UsageError: if there are no submissions.
        AssignmentError: if the assignment's files cannot be read.
    """
    handins = taking_part(engine)
    if not handins:
        raise UsageError(f"There are no submissions for {engine.assignment.slug!r}, so there is nothing to compare.")
    results = Results(engine)
    preview = Preview(engine, results)
    changes: list[Change] = []
    pending: list[Pending] = []
    for handin in handins:
        before, sha256 = results.result(handin.student), engine.digest(handin)
        kept = preview.valid(handin.student, sha256)
        if kept is not None:
            changes.append(compare(before, kept.grade))
            continue
        found = reuse_of(engine, before, sha256, results.seed)
        if found.grade is not None:
            changes.append(compare(before, found.grade))
        else:
            pending.append(Pending(handin.student, found.why, found.outdated(engine.assignment)))
    return Outlook(tuple(changes), tuple(pending))


def _counted(slug: str, folder: Path, states: Sequence[State]) -> BatchStatus:
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
