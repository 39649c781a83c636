"""Import this before nbformat: what its validator would build at every start, and nothing here needs, is left out."""

from __future__ import annotations

import sys

__all__: list[str] = []

# jsonschema knows international addresses by a grammar whose construction takes a second.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
