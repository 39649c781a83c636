"""nbgrader's folders and database."""

from __future__ import annotations

from autograder.course import fast_imports as lean  # noqa: F401 - before nbformat, wherever that is imported
