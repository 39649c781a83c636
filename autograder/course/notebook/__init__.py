"""Notebooks: reading what came in, composing what goes out."""

from __future__ import annotations

from autograder.course import fast_imports as lean  # noqa: F401 - before nbformat, wherever that is imported
