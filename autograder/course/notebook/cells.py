"""What nbgrader's metadata say about a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = [
    "METADATA_FIELDS",
    "SCHEMA_VERSION",
    "grade_id",
    "is_grade",
    "is_solution",
    "nbgrader_metadata",
    "settings",
]

SCHEMA_VERSION = 3

#: The fields of nbgrader's schemas 1 to 3.
METADATA_FIELDS = (
    "cell_type",
    "checksum",
    "grade",
    "grade_id",
    "locked",
    "points",
    "schema_version",
    "solution",
    "task",
)


def nbgrader_metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a cell's nbgrader metadata, empty if there are none that can be read."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """Return a cell's grade_id, None if it has none."""
    found = nbgrader_metadata(cell).get("grade_id")
    return found if isinstance(found, str) and found else None


def is_grade(cell: Mapping[str, Any]) -> bool:
    """Whether the cell carries points."""
    return nbgrader_metadata(cell).get("grade") is True


def is_solution(cell: Mapping[str, Any]) -> bool:
    """Whether students fill in the cell."""
    return nbgrader_metadata(cell).get("solution") is True


def settings(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of nbgrader's toolbar that a cell has."""
    found = nbgrader_metadata(cell)
    names = ["grade", "locked", "solution", "task"]
    if found.get("grade"):
        names.append("points")
    return {name: found[name] for name in names if name in found}
