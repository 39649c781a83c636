"""Write scores and comments into nbgrader's database, many submissions in one transaction.

nbgrader's own API commits after every row. Here its models are used directly, so that a batch is written as a whole or
not at all. What a person entered in formgrader (manual scores, extra credit, manual comments) is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograder.course.assignment import Assignment
from autograder.course.gradebook.assignment_rows import ensure_assignment
from autograder.course.gradebook.deadlines import parsed_timestamp
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.opened import OpenGradebook
from autograder.course.gradebook.rows import CellRow, SubmissionRows
from autograder.verdict import Grade, Status

__all__ = ["Entry", "GradebookWriter", "NotebookPenalty"]


class NotebookPenalty(Protocol):
    """The rule that says what being late costs a notebook."""

    def of_rows(self, submitted: Any, grade: Grade) -> float | None:
        """Return the penalty in points, from the rows of a submitted notebook; None if there is none."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One submission to write: its grade, when it was handed in, its cells' rows, and comments by cell.

    `penalise` says whether the rule decides the penalty; otherwise the one in the gradebook stays.
    """

    grade: Grade
    timestamp: str | None = None
    rows: tuple[CellRow, ...] = ()
    comments: Mapping[tuple[str, str], str] = field(default_factory=dict)
    penalise: bool = True


class GradebookWriter(OpenGradebook):
    """The only writer of the gradebook; use as a context manager."""

    def __init__(
        self,
        directories: Directories,
        assignment: Assignment,
        notebooks: Sequence[str],
        penalty: NotebookPenalty,
        *,
        prepares: bool = False,
        hurried: Callable[[], bool] = lambda: False,
    ) -> None:
        """Prepare the writer.

        Args:
            directories: the folders of the course with the gradebook.
            assignment: the assignment of the submissions.
            notebooks: the names of its notebooks.
            penalty: the rule for what being late costs.
            prepares: whether the assignment's own rows are made here, if nbgrader's release did not make them.
            hurried: whether somebody waits for the end; then a locked database is an error at once.
        """
        super().__init__(directories, hurried=hurried)
        self._assignment = assignment
        self._notebooks = frozenset(notebooks)
        self._penalty = penalty
        self._prepares = prepares

    def _begin(self) -> None:
        super()._begin()
        if self._prepares:
            ensure_assignment(self._gradebook, self._assignment)

    def write(self, entries: Sequence[Entry]) -> None:
        """Write entries in one transaction; ungraded ones leave the gradebook as it is.

        Raises:
            GradebookError: if the database stays locked, cannot be written, or refuses a row.
        """
        wanted = [e for e in entries if e.grade.status is not Status.UNGRADED]
        if wanted:
            self.patiently(lambda: self._write(wanted))

    def write_penalties(self, grades: Sequence[Grade]) -> None:
        """Write only what being late costs, because deadlines and manual scores change after grading.

        Raises:
            GradebookError: as `write`.
        """
        if grades:
            self.patiently(lambda: self._write_penalties({g.student: g for g in grades}))

    def _write(self, entries: Sequence[Entry]) -> None:
        database = self._gradebook.db
        rows = SubmissionRows(self._gradebook.find_assignment(self._assignment.slug))
        with database.no_autoflush:
            known = rows.submissions(database, [e.grade.student for e in entries])
            for entry in entries:
                submission = known.get(entry.grade.student) or rows.new_submission(database, entry.grade.student)
                submission.timestamp = parsed_timestamp(entry.timestamp)
                rows.complete(database, submission)
                for submitted in self._ours(submission):
                    _fill(submitted, entry)
                if entry.penalise:
                    # The rule may use the sum of rows that were written just now.
                    database.flush()
                    self._penalise(submission, entry.grade)
        database.commit()

    def _write_penalties(self, grades: Mapping[str, Grade]) -> None:
        database = self._gradebook.db
        rows = SubmissionRows(self._gradebook.find_assignment(self._assignment.slug))
        with database.no_autoflush:
            for student, submission in rows.submissions(database, list(grades)).items():
                self._penalise(submission, grades[student])
        database.commit()

    def _penalise(self, submission: Any, grade: Grade) -> None:
        for submitted in self._ours(submission):
            submitted.late_submission_penalty = self._penalty.of_rows(submitted, grade)

    def _ours(self, submission: Any) -> list[Any]:
        """Return the notebooks of a submission that are graded here."""
        return [n for n in submission.notebooks if n.notebook.name in self._notebooks]


def _fill(submitted: Any, entry: Entry) -> None:
    """Write the scores and comments of one notebook."""
    notebook = submitted.notebook
    scores = {row.cell: row for row in entry.rows if row.notebook == notebook.name}
    # New rows know their cells only by number.
    graded = {c.id: c.name for c in (*notebook.grade_cells, *notebook.task_cells)}
    commented = {c.id: c.name for c in (*notebook.solution_cells, *notebook.task_cells)}
    for grade in submitted.grades:
        row = scores.get(graded.get(grade.cell_id, ""))
        if row is None:
            # A task cell, or a cell that is not ours: a person grades it.
            continue
        grade.auto_score = row.auto_score
        grade.needs_manual_grade = row.review or grade.manual_score is not None or row.auto_score is None
    for comment in submitted.comments:
        name = commented.get(comment.cell_id)
        if name is not None:
            comment.auto_comment = str(entry.comments.get((notebook.name, name), "")) or None
