"""Grade an nbgrader assignment by the test cells in its own notebooks, in our sandbox and by nbgrader's rules.

There are no hidden checks here: tests run inside the student's process, as they do in nbgrader. See docs/nbgrader.md.
"""

from __future__ import annotations

import sys

__all__: list[str] = []

# nbformat imports jsonschema, which compiles a grammar of international web addresses for about a second, to check
# what no notebook holds. It does without where that module cannot be imported.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
