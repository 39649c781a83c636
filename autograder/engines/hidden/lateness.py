"""What being late costs by an assignment's own rule, computed after grading, and later again without a run."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from autograder.course.assignment import Assignment
from autograder.course.gradebook.deadlines import read_deadlines, submitted_at
from autograder.course.gradebook.directories import Directories
from autograder.course.gradebook.rows import counted_points
from autograder.course.gradebook.standings import StudentRow
from autograder.course.late import Deadlines, penalty
from autograder.verdict import Grade, Lateness

__all__ = ["OwnLateRule"]


class OwnLateRule:
    """The deadlines of one run, and the rule in `assignment.toml`.

    Raises:
        AssignmentError: if there is a rule and no deadline.
        GradebookError: if the gradebook cannot be read.
    """

    def __init__(self, directories: Directories, assignment: Assignment) -> None:
        self._directories = directories
        self._assignment = assignment
        self._deadlines: Deadlines | None = read_deadlines(directories, assignment)

    def of(self, grade: Grade) -> Lateness | None:
        """Return what being late costs, by the automatic points; None without a rule."""
        if self._deadlines is None:
            return None
        folder = self._directories.submitted(grade.student, self._assignment.slug)
        return self._deadlines.judge(grade, submitted_at(folder))

    def decides(self, grade: Grade, before: Grade | None) -> bool:
        """Whether this rule decides the gradebook's penalty, or did so until it was removed.

        Without a rule no penalty is written: one that nbgrader's own plugin wrote stays.
        """
        gone = self._deadlines is None and before is not None and before.late is not None
        return grade.late is not None or gone

    def of_rows(self, submitted: Any, grade: Grade) -> float | None:
        """Return the penalty by all points, also those that a person gave; None if there is none."""
        if grade.late is None:
            return None
        score = sum((counted_points(g) for g in submitted.grades), Fraction(0))
        cells = (*submitted.notebook.grade_cells, *submitted.notebook.task_cells)
        full = sum((Fraction(c.max_score or 0) for c in cells), Fraction(0))
        return round(float(penalty(grade.late.percent, grade.late.of, score, full)), 4) or None

    def final(self, row: StudentRow, grade: Grade) -> Fraction | None:
        """Return the penalty by the gradebook's points of today; None without a rule."""
        late = self.of(grade)
        if late is None:
            return None
        cells = row.cells.values()
        score = sum((c.score for c in cells), Fraction(0))
        return penalty(late.percent, late.of, score, sum((c.max_score for c in cells), Fraction(0)))
