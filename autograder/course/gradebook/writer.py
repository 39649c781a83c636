"""Write scores and comments into nbgrader's database, many submissions in one transaction.

nbgrader's own API commits after every row. Here its models are used directly, so that a whole batch is there
or not; what a person entered in formgrader (manual scores, extra credit, manual comments) is never touched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.gradebook.deadlines import parsed_timestamp
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook
from autograder.course.late import penalty
from autograder.course.notebook.autograded import checksum
from autograder.course.notebook.cells import grade_id, is_grade, is_solution, nbgrader_metadata
from autograder.course.notebook.compose import cleared, compose_source
from autograder.verdict import Grade, Lateness, Status

__all__ = ["Entry", "GradebookWriter", "SubmissionRows", "parsed_timestamp"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission to be written: its grade, when it was handed in, and comments by solution cell."""

    grade: Grade
    timestamp: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)


class GradebookWriter(OpenGradebook):
    """The only writer of the gradebook; use as a context manager."""

    def __init__(
        self, directories: Directories, assignment: Assignment, *, hurried: Callable[[], bool] = lambda: False
    ) -> None:
        super().__init__(directories, hurried=hurried)
        self._assignment = assignment

    def _begin(self) -> None:
        super()._begin()
        self._ensure_assignment()

    def write(self, entries: Sequence[Entry]) -> None:
        """Write entries in one transaction; ungraded ones leave the gradebook as it is.

        Raises:
            GradebookError: if the database stays locked, cannot be written, or refuses a row.
        """
        wanted = [e for e in entries if e.grade.status is not Status.UNGRADED]
        if wanted:
            self.patiently(lambda: self._write(wanted))

    def write_penalties(self, grades: Sequence[Grade]) -> None:
        """Write what being late costs, and nothing else: deadlines and manual scores change after grading.

        Raises:
            GradebookError: as `write`.
        """
        if grades:
            self.patiently(lambda: self._write_penalties({g.student: g for g in grades}))

    # -- the assignment's own rows -------------------------------------------------------------------------

    def _ensure_assignment(self) -> None:
        """Make the rows that nbgrader's generate_assignment makes, as far as they are not there.

        What a release recorded stays: students' copies are compared with it. Only points follow the template.
        """
        from nbgrader.api import MissingEntry

        slug, gradebook = self._assignment.slug, self._gradebook
        source = cleared(compose_source(self._assignment))
        try:
            notebook = gradebook.find_notebook(slug, slug)
        except MissingEntry:
            gradebook.update_or_create_assignment(slug)
            kernel = json.dumps(source.metadata.get("kernelspec", {}))
            notebook = gradebook.update_or_create_notebook(slug, slug, kernelspec=kernel)
        points = {c.name: c.max_score for c in notebook.grade_cells}
        solutions = {c.name for c in notebook.solution_cells}
        recorded = {c.name for c in notebook.source_cells}
        for cell in source.cells:
            identifier = grade_id(cell)
            if identifier is None:
                continue
            metadata = nbgrader_metadata(cell)
            if is_grade(cell) and points.get(identifier) != metadata["points"]:
                gradebook.update_or_create_grade_cell(
                    identifier, slug, slug, max_score=float(metadata["points"]), cell_type=cell.cell_type
                )
            if is_solution(cell) and identifier not in solutions:
                gradebook.update_or_create_solution_cell(identifier, slug, slug)
            if identifier not in recorded:
                gradebook.update_or_create_source_cell(
                    identifier,
                    slug,
                    slug,
                    cell_type=cell.cell_type,
                    source=cell.source,
                    locked=not is_solution(cell),
                    checksum=checksum(cell),
                )

    # -- submissions ---------------------------------------------------------------------------------------

    def _write(self, entries: Sequence[Entry]) -> None:
        database = self._gradebook.db
        assignment = self._gradebook.find_assignment(self._assignment.slug)
        notebook = self._gradebook.find_notebook(self._assignment.slug, self._assignment.slug)
        rows = SubmissionRows(assignment, notebook)
        with database.no_autoflush:
            known = rows.submissions(database, [e.grade.student for e in entries])
            for entry in entries:
                submission = known.get(entry.grade.student) or rows.new_submission(database, entry.grade.student)
                submission.timestamp = parsed_timestamp(entry.timestamp)
                submitted = rows.completed(database, submission)
                self._fill(submitted, entry, rows)
        database.commit()

    def _fill(self, submitted: Any, entry: Entry, rows: SubmissionRows) -> None:
        scores = {self._assignment.exercise(e.id).test_cell: float(e.score) for e in entry.grade.exercises}
        if entry.grade.status is Status.REJECTED:
            scores = {e.test_cell: 0.0 for e in self._assignment.coded}
        doubtful = {self._assignment.exercise(e.id).test_cell for e in entry.grade.exercises if e.review}
        written = {e.test_cell for e in self._assignment.exercises if e.written}
        for grade in submitted.grades:
            name = rows.grade_names.get(grade.cell_id)
            if name in written and entry.grade.status is Status.REJECTED:
                grade.auto_score = 0.0
            elif name in written:
                grade.auto_score = None
            elif name in scores:
                grade.auto_score = scores[name]
            else:
                continue
            waiting = grade.manual_score is not None or grade.auto_score is None
            grade.needs_manual_grade = waiting or name in doubtful
        for comment in submitted.comments:
            name = rows.solution_names.get(comment.cell_id)
            if name is not None:
                comment.auto_comment = entry.comments.get(name) or None
        if entry.grade.late is not None:
            submitted.late_submission_penalty = _penalty(entry.grade.late, submitted)

    def _write_penalties(self, grades: Mapping[str, Grade]) -> None:
        database = self._gradebook.db
        assignment = self._gradebook.find_assignment(self._assignment.slug)
        notebook = self._gradebook.find_notebook(self._assignment.slug, self._assignment.slug)
        with database.no_autoflush:
            for student, submission in SubmissionRows(assignment, notebook).submissions(database, list(grades)).items():
                for submitted in submission.notebooks:
                    if submitted.notebook is notebook:
                        submitted.late_submission_penalty = _penalty(grades[student].late, submitted)
        database.commit()


class SubmissionRows:
    """The assignment's cells by id, and how to find or make a student's rows."""

    def __init__(self, assignment: Any, notebook: Any) -> None:
        self._assignment = assignment
        self._notebook = notebook
        self.grade_names = {c.id: c.name for c in notebook.grade_cells}
        self.solution_names = {c.id: c.name for c in notebook.solution_cells}

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
        """Make the row of a first submission, and the student's where there is none."""
        from nbgrader import api

        person = database.get(api.Student, student)
        if person is None:
            person = api.Student(id=student)
            database.add(person)
        submission = api.SubmittedAssignment(assignment=self._assignment, student=person)
        database.add(submission)
        return submission

    def completed(self, database: Any, submission: Any) -> Any:
        """Return the submitted notebook, with a row for each cell; cells may be newer than the submission."""
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
        return next(n for n in submission.notebooks if n.notebook is self._notebook)


def _penalty(late: Lateness | None, submitted: Any) -> float | None:
    """Return what being late costs of all points, those that a person gave too; None if nothing."""
    if late is None:
        return None
    score = sum((Fraction(_given(g)) for g in submitted.grades), Fraction(0))
    cells = (*submitted.notebook.grade_cells, *submitted.notebook.task_cells)
    full = sum((Fraction(c.max_score or 0) for c in cells), Fraction(0))
    return round(float(penalty(late.percent, late.of, score, full)), 4) or None


def _given(grade: Any) -> float:
    """Return a cell's points as nbgrader counts them."""
    chosen = grade.auto_score if grade.manual_score is None else grade.manual_score
    return (chosen or 0.0) + (grade.extra_credit or 0.0)
