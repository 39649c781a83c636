"""A cell to run, and its outcome. Nothing here needs Linux: a plain kernel reports in the same form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.verdict import StudentFault

__all__ = ["Cell", "CellOutcome"]


class Cell(Protocol):
    """A code cell to run."""

    @property
    def index(self) -> int:
        """Its position in the notebook."""

    @property
    def name(self) -> str:
        """The name by which a student knows it."""

    @property
    def source(self) -> str:
        """Its text."""


@dataclass(frozen=True, slots=True)
class CellOutcome:
    """What a cell showed, and how it ended if it did not end well.

    `outputs` are the worker's claims; `autograder.course.notebook.harmless` makes them fit to be shown.
    """

    outputs: list[Mapping[str, Any]] = field(default_factory=list)
    execution_count: int | None = None
    fault: StudentFault | None = None
    timeout: bool = False
    crashed: bool = False
    cut: bool = False
