"""The course on the disk: its folders, assignments, notebooks, deadlines, and nbgrader's gradebook."""

from __future__ import annotations

from autograder.course import fast_imports  # noqa: F401 - before nbformat, wherever that is imported

__all__: list[str] = []
