"""What nbgrader's metadata say of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["SCHEMA_VERSION", "grade_id", "is_grade", "is_solution", "nbgrader_metadata"]

SCHEMA_VERSION = 3


def nbgrader_metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a cell's nbgrader metadata, empty where there are none that can be read."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """Return a cell's grade_id, None where it has none."""
    found = nbgrader_metadata(cell).get("grade_id")
    return found if isinstance(found, str) and found else None


def is_grade(cell: Mapping[str, Any]) -> bool:
    """Whether the cell carries points."""
    return nbgrader_metadata(cell).get("grade") is True


def is_solution(cell: Mapping[str, Any]) -> bool:
    """Whether the cell is the student's to fill in."""
    return nbgrader_metadata(cell).get("solution") is True
