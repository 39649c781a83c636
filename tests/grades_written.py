"""Write grades into a gradebook as a batch does, without a batch."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.course.assignment import Assignment
from autograder.course.gradebook.writer import Entry, GradebookWriter
from autograder.course.layout import Course
from autograder.engines.hidden.engine import HiddenEngine
from autograder.engines.hidden.texts import rows_of
from autograder.verdict import Grade

__all__ = ["entry", "writer_of"]


def writer_of(course: Course, assignment: Assignment) -> GradebookWriter:
    """Return the writer of an assignment with hidden checks."""
    engine = HiddenEngine(course, assignment.slug)
    engine.assignment = assignment
    return GradebookWriter(
        engine.directories, assignment, engine.notebooks, engine.penalty, prepares=engine.prepares_gradebook
    )


def entry(
    assignment: Assignment, grade: Grade, timestamp: str | None = None, comments: Mapping[str, str] | None = None
) -> Entry:
    """Return the entry to write for one submission, with comments by exercise."""
    return Entry(
        grade,
        timestamp,
        rows=rows_of(grade, assignment),
        comments={(assignment.slug, name): text for name, text in (comments or {}).items()},
        penalise=grade.late is not None,
    )
