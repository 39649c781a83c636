"""Grade by hidden checks: the student's code runs in a worker, the checks run in the judge."""

from __future__ import annotations

__all__: list[str] = []
