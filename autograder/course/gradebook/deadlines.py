"""Until when each student has time: the assignment's own files first, then what nbgrader's gradebook holds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook
from autograder.course.late import Deadlines, Extension
from autograder.errors import AssignmentError
from autograder.files import read_receipt

__all__ = ["parsed_timestamp", "read_deadlines", "read_duedate", "submitted_at"]

#: nbgrader looks a zone's name up as a file: it must not be a path.
_PATH = re.compile(r"(^|\s)[:/.~]|\.\.")
_MAX_STAMP = 64
#: Less than a whole date and time would be completed from today's.
_OFFSET = re.compile(r" (?=[+-]\d)")
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")


def parsed_timestamp(text: str | None) -> datetime | None:
    """Read a time stamp as nbgrader does: naive and in UTC. One that cannot be read counts as none."""
    from nbgrader.utils import parse_utc

    if text is None or len(text) > _MAX_STAMP or _PATH.search(text):
        return None
    try:
        found = parse_utc(text)
    except (ValueError, OverflowError, TypeError, AttributeError):
        # dateutil raises each of these on some text.
        return None
    return found if isinstance(found, datetime) else None


def submitted_at(folder: Path) -> datetime | None:
    """Return when a submission was handed in, by nbgrader's `timestamp.txt` beside it: naive and in UTC.

    nbgrader takes a separate `+0100` for a hundred seconds; joined to the time it is an hour.
    """
    text = read_receipt(folder, "timestamp.txt")
    return parsed_timestamp(_OFFSET.sub("", text)) if text and _WHOLE.match(text) else None


def read_deadlines(directories: Directories, assignment: Assignment) -> Deadlines | None:
    """Return the deadlines, None where `assignment.toml` has no table `[late]`.

    A student's line in `extensions.toml` goes before an extension in the gradebook, `due` before nbgrader's
    `duedate`.

    Raises:
        AssignmentError: if there is no deadline anywhere.
        GradebookError: if the gradebook cannot be read.
    """
    if assignment.late is None:
        return None
    duedate, granted = read_duedate(directories, assignment.slug)
    due = assignment.late.due or duedate
    if due is None:
        raise AssignmentError(
            f"{assignment.public_dir / 'assignment.toml'}: late: there is no deadline, and the gradebook "
            "has no duedate either; write due = 2026-11-30T23:59:00+01:00 with your date."
        )
    return Deadlines(assignment.late, due, {**granted, **assignment.extensions})


def read_duedate(directories: Directories, slug: str) -> tuple[datetime | None, dict[str, Extension]]:
    """Return the date that nbgrader's gradebook has for an assignment, and the extensions granted there, by student.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    with _Reader(directories) as gradebook:
        return gradebook.deadlines(slug)


class _Reader(OpenGradebook):
    def deadlines(self, slug: str) -> tuple[datetime | None, dict[str, Extension]]:
        found: tuple[datetime | None, dict[str, Extension]] = self.patiently(lambda: self._deadlines(slug))
        return found

    def _deadlines(self, slug: str) -> tuple[datetime | None, dict[str, Extension]]:
        from nbgrader.api import MissingEntry, SubmittedAssignment

        try:
            assignment: Any = self._gradebook.find_assignment(slug)
        except MissingEntry:
            return None, {}
        rows = (
            self._gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .filter(SubmittedAssignment.assignment_id == assignment.id)
            .filter(SubmittedAssignment.extension.isnot(None))
        )
        due = assignment.duedate
        return due and due.replace(tzinfo=UTC), {student: extension for student, extension in rows if extension}
