"""Which engine grades an assignment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from autograder.course.layout import Course
from autograder.errors import UsageError

if TYPE_CHECKING:
    from autograder.engines.base import Engine

__all__ = ["has_hidden_checks", "needs_hidden_checks", "open_engine"]


def has_hidden_checks(course: Course, slug: str) -> bool:
    """Whether an assignment is graded by hidden checks; if not, by the tests in its notebooks."""
    # A name that no folder can have is no error here.
    return os.path.isdir(course.root / "solutions" / slug)


def needs_hidden_checks(course: Course, slug: str, command: str) -> None:
    """Refuse an assignment whose tests stand in its notebooks: the command is about hidden checks.

    Raises:
        UsageError: says what to do instead.
    """
    from autograder.course.gradebook.directories import Directories

    if has_hidden_checks(course, slug) or (course.root / "assignments" / slug).is_dir():
        return
    source = Directories(course).source(slug)
    if not source.is_dir():
        return
    raise UsageError(
        f"{slug!r} is graded by the tests in its notebooks; `autograder {command}` is for assignments with hidden "
        f"checks, in assignments/ and solutions/. Release this one with `nbgrader generate_assignment {slug}`. "
        f"`autograder grade {slug}` tries its solution before it grades the class."
    )


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
