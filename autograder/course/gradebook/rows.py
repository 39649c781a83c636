"""The gradebook's rows of a submission: find them, and make those that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

__all__ = ["CellRow", "SubmissionRows", "counted_points"]


@dataclass(frozen=True, slots=True)
class CellRow:
    """The row of a graded cell for the gradebook; `auto_score` is None if only a person can give points."""

    notebook: str
    cell: str
    auto_score: float | None
    review: bool = False


class SubmissionRows:
    """Finds or makes the rows of students' submissions."""

    def __init__(self, assignment: Any) -> None:
        self._assignment = assignment

    def submissions(self, database: Any, students: Sequence[str]) -> dict[str, Any]:
        """Return the rows that exist, by student, with their grades and comments loaded at once."""
        from nbgrader.api import SubmittedAssignment, SubmittedNotebook
        from sqlalchemy.orm import selectinload

        query = (
            database.query(SubmittedAssignment)
            .filter(SubmittedAssignment.assignment_id == self._assignment.id)
            .filter(SubmittedAssignment.student_id.in_(students))
            .options(
                selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades),
                selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.comments),
            )
        )
        return {row.student_id: row for row in query}

    def new_submission(self, database: Any, student: str) -> Any:
        """Make the row of a first submission, and the student's row if there is none."""
        from nbgrader import api

        person = database.get(api.Student, student)
        if person is None:
            person = api.Student(id=student)
            database.add(person)
        submission = api.SubmittedAssignment(assignment=self._assignment, student=person)
        database.add(submission)
        return submission

    def complete(self, database: Any, submission: Any) -> None:
        """Add the rows that a submission lacks, one for each cell; cells may be newer than the submission."""
        from nbgrader import api

        present = {n.notebook_id or n.notebook.id for n in submission.notebooks}
        for notebook in self._assignment.notebooks:
            if notebook.id not in present:
                database.add(api.SubmittedNotebook(notebook=notebook, assignment=submission))
        for submitted in submission.notebooks:
            notebook = submitted.notebook
            graded = {g.cell_id for g in submitted.grades}
            for cell in (*notebook.grade_cells, *notebook.task_cells):
                if cell.id not in graded:
                    database.add(api.Grade(cell_id=cell.id, notebook=submitted))
            commented = {c.cell_id for c in submitted.comments}
            for cell in (*notebook.solution_cells, *notebook.task_cells):
                if cell.id not in commented:
                    database.add(api.Comment(cell_id=cell.id, notebook=submitted))


def counted_points(grade: Any) -> Fraction:
    """Return a cell's points as nbgrader counts them: a person's, if there are any, and extra credit."""
    chosen = grade.auto_score if grade.manual_score is None else grade.manual_score
    return Fraction((chosen or 0.0) + (grade.extra_credit or 0.0))
