"""nbgrader's gradebook as nbgrader itself opens it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from tiny_course import TinyCourse

from autograder.course.gradebook.directories import Directories

__all__ = ["gradebook"]


@contextlib.contextmanager
def gradebook(course: TinyCourse) -> Iterator[Any]:
    """Open the database with nbgrader's own class."""
    from nbgrader.api import Gradebook

    with Gradebook(Directories(course.course).db_url) as opened:
        yield opened
