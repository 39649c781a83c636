"""What nbgrader's gradebook holds about one assignment: automatic and manual points, names, penalties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook

__all__ = ["CellScore", "StudentRow", "read_standings"]


@dataclass(frozen=True, slots=True)
class CellScore:
    """The points of one graded cell as nbgrader counts them: a person's if there are any, and extra credit.

    `scored` says whether it has points, even 0; `waiting` whether a person should look at it.
    """

    score: Fraction
    max_score: Fraction
    by_hand: bool
    scored: bool
    waiting: bool
    #: The extra credit, which is part of `score`.
    extra: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student's row; `timestamp` is naive and in UTC, `penalty` the value of nbgrader's field."""

    student: str
    first_name: str
    last_name: str
    email: str
    lms_user_id: str
    timestamp: datetime | None
    penalty: Fraction
    cells: Mapping[str, CellScore]


def read_standings(directories: Directories, slug: str, *, qualified: bool = False) -> dict[str, StudentRow]:
    """Return the rows of all who handed in, by student; empty if the gradebook does not know the assignment.

    Args:
        directories: the folders of the course with the gradebook.
        slug: the assignment.
        qualified: whether cells are named `notebook/cell`, because several notebooks may have cells of the same name.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    with _Reader(directories) as gradebook:
        found: dict[str, StudentRow] = gradebook.patiently(lambda: gradebook.standings(slug, qualified=qualified))
        return found


class _Reader(OpenGradebook):
    def standings(self, slug: str, *, qualified: bool) -> dict[str, StudentRow]:
        from nbgrader.api import MissingEntry, SubmittedAssignment, SubmittedNotebook
        from sqlalchemy.orm import joinedload, selectinload

        try:
            assignment: Any = self._gradebook.find_assignment(slug)
        except MissingEntry:
            return {}
        names = {
            cell.id: (f"{notebook.name}/{cell.name}" if qualified else cell.name, cell.max_score)
            for notebook in assignment.notebooks
            for cell in (*notebook.grade_cells, *notebook.task_cells)
        }
        rows = (
            self._gradebook.db.query(SubmittedAssignment)
            .filter(SubmittedAssignment.assignment_id == assignment.id)
            .options(
                joinedload(SubmittedAssignment.student),
                selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades),
            )
        )
        return {row.student_id: _standing(row, names) for row in rows}


def _standing(row: Any, names: Mapping[str, tuple[str, float]]) -> StudentRow:
    cells = {}
    penalty = Fraction(0)
    for notebook in row.notebooks:
        penalty += Fraction(notebook.late_submission_penalty or 0)
        for grade in notebook.grades:
            if grade.cell_id not in names:
                continue
            name, max_score = names[grade.cell_id]
            chosen = grade.auto_score if grade.manual_score is None else grade.manual_score
            cells[name] = CellScore(
                score=Fraction(chosen or 0) + Fraction(grade.extra_credit or 0),
                max_score=Fraction(max_score or 0),
                by_hand=grade.manual_score is not None,
                scored=chosen is not None or bool(grade.extra_credit),
                # nbgrader asks again after a regrade even if a person has given points; that is no missing score.
                extra=Fraction(grade.extra_credit or 0),
                waiting=chosen is None or (bool(grade.needs_manual_grade) and grade.manual_score is None),
            )
    student = row.student
    return StudentRow(
        student=row.student_id,
        first_name=student.first_name or "",
        last_name=student.last_name or "",
        email=student.email or "",
        lms_user_id=student.lms_user_id or "",
        timestamp=row.timestamp,
        penalty=penalty,
        cells=cells,
    )
