"""Collect what exports need: stored grades, the gradebook's rows, and penalties by today's points."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from autograder.batch.results import Results
from autograder.course.gradebook.deadlines import submitted_at
from autograder.course.gradebook.standings import StudentRow, read_standings
from autograder.engines.base import Engine
from autograder.feedback.export.record import Record
from autograder.feedback.totals import Total, total_of
from autograder.verdict import Grade, Status

__all__ = ["collect", "read_totals"]


def collect(engine: Engine) -> list[Record]:
    """Return a record for everybody who handed in, by student.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    slug, results = engine.assignment.slug, Results(engine)
    rows = read_standings(engine.directories, slug, qualified=len(engine.notebooks) > 1)
    folders = {h.student: h.directory for h in engine.directories.handins(slug)}
    found = []
    for student in sorted({*rows, *folders}):
        row = rows.get(student)
        folder = folders.get(student)
        grade = results.result(student) if folder else None
        found.append(
            Record(
                student=student,
                row=row,
                grade=grade,
                penalty=_penalty(engine, row, grade),
                submitted=submitted_at(folder) if folder else rows[student].timestamp,
                graded_at=datetime.fromtimestamp(results.path(student).stat().st_mtime, UTC) if grade else None,
            )
        )
    return found


def read_totals(engine: Engine, results: Results) -> dict[str, Total]:
    """Return the totals of all students with a row in the gradebook and a result that is not `ungraded`.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    rows = read_standings(engine.directories, engine.assignment.slug, qualified=len(engine.notebooks) > 1)
    return {
        grade.student: total_of(row, engine.assignment, _penalty(engine, row, grade))
        for grade in results
        if grade.status is not Status.UNGRADED and (row := rows.get(grade.student)) is not None
    }


def _penalty(engine: Engine, row: StudentRow | None, grade: Grade | None) -> Fraction:
    """Work the penalty out anew: the gradebook's was worked out from the points of that time."""
    if row is None:
        return Fraction(0)
    found = engine.final_penalty(row, grade) if grade else None
    return row.penalty if found is None else found
