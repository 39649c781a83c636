"""Grade an nbgrader assignment by the test cells in its own notebooks, in our sandbox and by nbgrader's rules.

There are no hidden checks here: tests run inside the student's process, as they do in nbgrader. See docs/nbgrader.md.
"""

from __future__ import annotations

from autograder.course import fast_imports as lean  # noqa: F401 - before nbformat, wherever that is imported

__all__: list[str] = []
