"""Where a class stands: what is graded, what is left, and what the next `grade` would change; nothing runs for that."""

from __future__ import annotations

from autograder.batch.outlook import Outlook, Pending
from autograder.batch.status import BatchStatus, State, counted
from autograder.batch.underway import Underway
from autograder.engines.innotebook.engine import Classroom
from autograder.engines.innotebook.handin import NotebookTask
from autograder.engines.innotebook.ledger import Ledger
from autograder.engines.innotebook.preview import NotebookPreview
from autograder.errors import UsageError
from autograder.feedback.changes import compare
from autograder.verdict import Status

__all__ = ["notebook_outlook", "notebook_status"]


def notebook_status(classroom: Classroom) -> BatchStatus:
    """Look at every submission and its result; one that holds is compared with its own tier."""
    ledger = classroom.ledger()
    half_done = Underway(ledger.folder).students
    tasks = classroom.tasks(classroom.taking_part())
    return counted(classroom.slug, ledger.folder, [_state(task, ledger, half_done) for task in tasks.values()])


def _state(task: NotebookTask, ledger: Ledger, half_done: set[str]) -> State:
    grade = ledger.result(task.student)
    if grade is None:
        return "waiting"
    if grade.status is Status.UNGRADED:
        return grade.status
    holds = ledger.holds(task, grade.tier, task.load().sha256)
    return grade.status if holds and task.student not in half_done else "changed"


def notebook_outlook(classroom: Classroom) -> Outlook:
    """Compare the results with the previews of a dry run; for the others say why only a run can tell.

    Raises:
        UsageError: if there are no submissions.
    """
    tasks = classroom.tasks(classroom.taking_part())
    if not tasks:
        raise UsageError(f"There are no submissions for {classroom.slug!r}, so there is nothing to compare.")
    ledger = classroom.ledger()
    preview = NotebookPreview(ledger)
    exercises = tuple(e.id for e in classroom.assignment.coded)
    changes, pending = [], []
    for student, task in tasks.items():
        before, sha256 = ledger.result(student), task.load().sha256
        kept = preview.valid(student, sha256)
        if kept is not None:
            changes.append(compare(before, kept.grade))
        elif before is None:
            pending.append(Pending(student, "not graded yet", exercises))
        elif before.status is Status.UNGRADED:
            pending.append(Pending(student, "the grader failed on it", exercises))
        elif before.submission_sha256 != sha256:
            pending.append(Pending(student, "handed in anew", exercises))
        elif before.fingerprint != ledger.fingerprint:
            why = "the release, the course's files, nbgrader_config.py or a version changed"
            pending.append(Pending(student, why, exercises))
        else:
            changes.append(compare(before, before))
    return Outlook(tuple(changes), tuple(pending))
