"""How one submission is graded: by hidden checks, or by the tests in its notebooks."""

from __future__ import annotations

from autograder.course import fast_imports  # noqa: F401 - before nbformat, wherever that is imported

__all__: list[str] = []
