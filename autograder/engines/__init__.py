"""How one submission is graded: by hidden checks, or by the tests in its notebooks."""

from __future__ import annotations

__all__: list[str] = []
