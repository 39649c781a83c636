"""What the next `grade` would change, as far as that can be told without running anything."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.batch.preview import Preview
from autograder.batch.results import Journal, file_sha256
from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories, Handin
from autograder.course.layout import Course
from autograder.engines.hidden.dependencies import SHARED
from autograder.engines.hidden.reuse import Standing, standing
from autograder.errors import UsageError
from autograder.feedback.changes import Change, compare
from autograder.verdict import Grade, Status

__all__ = ["Outlook", "Pending", "outlook"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A submission whose score only a run can tell: why, and which exercises would run."""

    student: str
    reason: str
    exercises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is certain, by a preview or by scoring stored outcomes anew, and what is not."""

    changes: tuple[Change, ...]
    pending: tuple[Pending, ...]


def outlook(course: Course, assignment: Assignment) -> Outlook:
    """Compare the results with the previews of a dry run, and with what today's points and weights make of them.

    Raises:
        UsageError: if there are no submissions.
        AssignmentError: if the assignment's files cannot be read.
    """
    handins = Directories(course).handins(assignment.slug)
    if not handins:
        raise UsageError(f"There are no submissions for {assignment.slug!r}, so there is nothing to compare.")
    journal = Journal.open(course.results_dir / assignment.slug, assignment, None)
    preview = Preview(journal)
    changes: list[Change] = []
    pending: list[Pending] = []
    for handin in handins:
        before = journal.result(handin.student)
        kept = preview.valid(handin.student, handin.notebook)
        if kept is not None:
            changes.append(compare(before, kept.grade))
            continue
        reason, found = _look(before, handin, journal)
        if found.grade is not None:
            changes.append(compare(before, found.grade))
        else:
            pending.append(Pending(handin.student, reason, found.outdated(assignment)))
    return Outlook(tuple(changes), tuple(pending))


def _look(before: Grade | None, handin: Handin, journal: Journal) -> tuple[str, Standing]:
    """Return why a result does not hold, and what of it does; device and tier are those that it has."""
    if before is None:
        return "not graded yet", Standing()
    if before.status is Status.UNGRADED:
        return "the grader failed on it", Standing()
    if before.submission_sha256 != ((handin.notebook and file_sha256(handin.notebook)) or ""):
        return "handed in anew", Standing()
    if before.seed != journal.seed:
        return "graded with another seed", Standing()
    found = standing(before, journal.assignment, journal.depends)
    if before.depends.get(SHARED) != journal.depends.shared:
        return "the template, reference, limits, a helper file or a version changed", found
    return "checks or misconceptions changed", found
