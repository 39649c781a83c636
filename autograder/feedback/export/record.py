"""One student's grades, as every export format needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from autograder.course.gradebook.standings import CellScore, StudentRow
from autograder.verdict import Grade

__all__ = ["Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """What any format needs of one student. `row` is None where no points exist yet, which is no zero."""

    student: str
    row: StudentRow | None
    grade: Grade | None
    penalty: Fraction
    submitted: datetime | None
    #: When the verdict was written, in UTC.
    graded_at: datetime | None

    @property
    def cells(self) -> Mapping[str, CellScore]:
        """The graded cells by grade_id, in the gradebook's order."""
        return self.row.cells if self.row else {}

    @property
    def score(self) -> Fraction:
        """All points, those of a person too, before what being late costs."""
        return sum((c.score for c in self.cells.values()), Fraction(0))

    @property
    def max_score(self) -> Fraction:
        """All points that there are, written questions included."""
        return sum((c.max_score for c in self.cells.values()), Fraction(0))

    @property
    def final(self) -> Fraction:
        """What counts."""
        return max(Fraction(0), self.score - self.penalty)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The cells that wait for a person."""
        return tuple(name for name, cell in self.cells.items() if cell.waiting)
