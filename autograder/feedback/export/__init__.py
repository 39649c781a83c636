"""Grades in the formats of other systems."""

from __future__ import annotations

__all__: list[str] = []
