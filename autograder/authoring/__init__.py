"""What an instructor does before and beside grading: scaffold, prove, release and show an assignment."""

from __future__ import annotations

from autograder.course import fast_imports  # noqa: F401 - before nbformat, wherever that is imported

__all__: list[str] = []
