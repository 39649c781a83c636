"""Grade an nbgrader assignment by the test cells in its own notebooks, in our sandbox and by nbgrader's rules.

There are no hidden checks here: tests run inside the student's process, as they do in nbgrader. See docs/nbgrader.md.
"""

from __future__ import annotations

__all__: list[str] = []
