"""Which engine grades an assignment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autograder.course.layout import Course

if TYPE_CHECKING:
    from autograder.engines.base import Engine

__all__ = ["has_hidden_checks", "open_engine"]


def has_hidden_checks(course: Course, slug: str) -> bool:
    """Whether an assignment is graded by hidden checks; else it is by the tests in its notebooks."""
    # A name that no folder can have is no error here.
    return os.path.isdir(course.root / "solutions" / slug)


def open_engine(course: Course, slug: str) -> Engine:
    """Return the engine of an assignment.

    Raises:
        AssignmentError: if there is no such assignment, or its files cannot be used.
        CourseError: if the configuration cannot be used.
    """
    if has_hidden_checks(course, slug):
        from autograder.engines.hidden.engine import HiddenEngine

        return HiddenEngine(course, slug)
    from autograder.engines.innotebook.engine import NotebookEngine

    return NotebookEngine(course, slug)
