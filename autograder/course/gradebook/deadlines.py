"""The deadline of each student: from the assignment's own files first, then from nbgrader's gradebook."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook
from autograder.course.late import Deadlines, Extension
from autograder.errors import AssignmentError
from autograder.files import read_receipt

__all__ = ["parsed_timestamp", "read_deadlines", "read_duedate", "submitted_at", "zoned_timestamp"]

#: nbgrader looks up a zone's name as a file, so it must not be a path.
_PATH = re.compile(r"(^|\s)[:/.~]|\.\.")
_MAX_STAMP = 64
#: The space before an offset from UTC.
_OFFSET = re.compile(r" (?=[+-]\d)")
#: A zone's name at the end of a time.
_ZONE = re.compile(r"(?<=\d)\s*(?!(?:UTC|GMT|Z|AM|PM)\b)([A-Za-z]{2,5})$", re.IGNORECASE)
#: Hours east of Greenwich; most names that several zones share are left out.
_HOURS = {
    "HST": -10,
    "AKST": -9,
    "AKDT": -8,
    "PST": -8,
    "PDT": -7,
    "MST": -7,
    "MDT": -6,
    "CDT": -5,
    "EST": -5,
    "EDT": -4,
    "NST": -3.5,
    "NDT": -2.5,
    "BRT": -3,
    "WET": 0,
    "WEST": 1,
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
    "EET": 2,
    "SAST": 2,
    "EEST": 3,
    "MSK": 3,
    "TRT": 3,
    "EAT": 3,
    "GST": 4,
    "PKT": 5,
    "NPT": 5.75,
    "WIB": 7,
    "ICT": 7,
    "AWST": 8,
    "HKT": 8,
    "SGT": 8,
    "PHT": 8,
    "JST": 9,
    "KST": 9,
    "ACST": 9.5,
    "ACDT": 10.5,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "CST": -6,
    "BST": 1,
    "UCT": 0,
}
#: A whole date and time; a shorter text would be completed with parts of today's.
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d")


def parsed_timestamp(text: str | None) -> datetime | None:
    """Read a time stamp as nbgrader does: naive and in UTC; None if it cannot be read."""
    from nbgrader.utils import parse_utc

    if text is None or len(text) > _MAX_STAMP or _PATH.search(text):
        return None
    try:
        found = parse_utc(text)
    except (ValueError, OverflowError, TypeError, AttributeError):
        # dateutil raises each of these on some text.
        return None
    return found if isinstance(found, datetime) else None


def zoned_timestamp(text: str | None) -> datetime | None:
    """Read a time stamp, also one with a zone's name such as `15:30 PST`; None if it cannot be read.

    nbgrader looks up names in the system's list, which lacks most of these, and takes unknown ones for UTC. Its
    gradebook and formgrader show that; penalties for being late need the true time.
    """
    zone = _ZONE.search(text.strip()) if text is not None and len(text) <= _MAX_STAMP else None
    if text is None or zone is None:
        return parsed_timestamp(text)
    hours = _HOURS.get(zone[1].upper())
    # nbgrader reads names of the system's list itself, such as America/Los_Angeles; they have a slash.
    found = None if hours is None else parsed_timestamp(text.strip()[: zone.start()])
    return None if found is None or hours is None else found - timedelta(hours=hours)


def submitted_at(folder: Path) -> datetime | None:
    """Return when a submission was handed in, by nbgrader's `timestamp.txt` beside it: naive and in UTC.

    nbgrader reads `+0100` after a space as a hundred seconds; without the space it is an hour.
    """
    text = read_receipt(folder, "timestamp.txt")
    return zoned_timestamp(_OFFSET.sub("", text)) if text and _WHOLE.match(text) else None


def read_deadlines(directories: Directories, assignment: Assignment) -> Deadlines | None:
    """Return the deadlines; None if `assignment.toml` has no table `[late]`.

    A student's line in `extensions.toml` has priority over an extension in the gradebook, `due` over nbgrader's
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
    """Return an assignment's date in nbgrader's gradebook, and the extensions granted there, by student.

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
