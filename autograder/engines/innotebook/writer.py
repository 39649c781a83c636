"""Scores, comments and late penalties of several notebooks into nbgrader's database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.writer import Entry, GradebookWriter, SubmissionRows, parsed_timestamp
from autograder.engines.innotebook.messages import CellRow
from autograder.engines.innotebook.penalties import Penalties
from autograder.verdict import Grade

__all__ = ["NotebookEntry", "NotebookWriter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEntry(Entry):
    """One submission to be written: besides, its rows by notebook and cell, and which notebooks were run."""

    ran: frozenset[str] = frozenset()
    rows: tuple[CellRow, ...] = ()
    remarks: Mapping[tuple[str, str], str] = field(default_factory=dict)


class NotebookWriter(GradebookWriter):
    """The only writer of the gradebook; what a person entered in formgrader is never touched."""

    def __init__(
        self,
        directories: Directories,
        assignment: Assignment,
        penalties: Penalties,
        *,
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(directories, assignment, hurried=hurried)
        self._penalties = penalties

    def _ensure_assignment(self) -> None:
        """Leave the assignment's rows as nbgrader's release made them."""

    def _write(self, entries: Sequence[Entry]) -> None:
        database = self._gradebook.db
        assignment = self._gradebook.find_assignment(self._assignment.slug)
        rows = SubmissionRows(assignment, assignment.notebooks[0])
        with database.no_autoflush:
            known = rows.submissions(database, [e.grade.student for e in entries])
            for entry in entries:
                assert isinstance(entry, NotebookEntry)
                submission = known.get(entry.grade.student) or rows.new_submission(database, entry.grade.student)
                submission.timestamp = parsed_timestamp(entry.timestamp)
                rows.completed(database, submission)
                for notebook in submission.notebooks:
                    _fill_notebook(notebook, entry)
                database.flush()
                self._penalise(database, submission, entry.ran)
        database.commit()

    def _write_penalties(self, grades: Mapping[str, Grade]) -> None:
        database = self._gradebook.db
        assignment = self._gradebook.find_assignment(self._assignment.slug)
        rows = SubmissionRows(assignment, assignment.notebooks[0])
        with database.no_autoflush:
            for student, submission in rows.submissions(database, list(grades)).items():
                self._penalise(database, submission, frozenset(self._penalties.graded(student)))
        database.commit()

    def _penalise(self, database: Any, submission: Any, ran: frozenset[str]) -> None:
        """Do as nbgrader's AssignLatePenalties, with the plugin that the course names."""
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = None
            if submission.total_seconds_late <= 0 or notebook.notebook.name not in ran:
                continue
            # The score is the sum of rows that were written just now.
            database.refresh(notebook, ["score"])
            notebook.late_submission_penalty = self._penalties.of_points(
                submission.student_id, notebook.score, submission.total_seconds_late
            )


def _fill_notebook(submitted: Any, entry: NotebookEntry) -> None:
    name = submitted.notebook.name
    scores = {row.cell: row for row in entry.rows if row.notebook == name}
    # Rows made just now know their cells by number only.
    grade_names = {c.id: c.name for c in (*submitted.notebook.grade_cells, *submitted.notebook.task_cells)}
    commented = {c.id: c.name for c in (*submitted.notebook.solution_cells, *submitted.notebook.task_cells)}
    for grade in submitted.grades:
        row = scores.get(grade_names.get(grade.cell_id, ""))
        if row is None:
            # A task cell that was handed in: nbgrader leaves it to a person.
            continue
        grade.auto_score = row.auto_score
        grade.needs_manual_grade = row.review or grade.manual_score is not None or row.auto_score is None
    for comment in submitted.comments:
        comment.auto_comment = entry.remarks.get((name, commented[comment.cell_id]))
