"""What a judge makes of one submission: the autograded notebook, the feedback page, the texts for nbgrader."""

from __future__ import annotations

import functools
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.course.assignment import Assignment
from autograder.course.notebook.autograded import CellRun, autograded_notebook, with_other_reports
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.read import Submission
from autograder.engines.base import Finished, JudgeSetup
from autograder.feedback.comments import comment_for, report_text
from autograder.feedback.render import render_student
from autograder.verdict import Grade, Status

if TYPE_CHECKING:
    # Judges have it; the coordinator would load pytest and the checks' machinery for nothing.
    from autograder.engines.hidden.scoring import Graded

__all__ = ["Outputs", "empty_grade"]


def empty_grade(
    assignment: Assignment, setup: JudgeSetup, student: str, sha256: str, status: Status, reason: str
) -> Grade:
    """Return the grade of a submission that could not be run."""
    return Grade(
        assignment=assignment.slug,
        student=student,
        status=status,
        score=Fraction(0),
        max_score=assignment.max_score,
        device=setup.device,
        tier=setup.tier,
        seed=setup.seed,
        submission_sha256=sha256,
        reason=reason,
    )


class Outputs:
    """Makes the texts of an assignment's submissions; the coordinator writes them."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    @functools.cached_property
    def _source(self) -> nbformat.NotebookNode:
        return compose_source(self._assignment)

    def of_graded(self, graded: Graded, submission: Submission) -> Finished:
        """Return the verdict with the notebook as it ran, and the feedback."""
        grade = graded.grade
        runs = {index: CellRun(outcome.outputs, outcome.execution_count) for index, outcome in graded.outcomes.items()}
        reports = {e.id: report_text(e) for e in grade.exercises}
        notebook = autograded_notebook(submission, self._assignment, self._source, runs, reports)
        return self._finished(grade, notebook)

    def of_rejected(self, grade: Grade) -> Finished:
        """Return the verdict with the feedback that says why nothing could be graded."""
        return Finished(grade, feedback=render_student(grade, self._assignment))

    def of_reevaluated(self, grade: Grade, autograded: Path) -> Finished | None:
        """Return a verdict that was scored anew, with what an earlier run left; None if that cannot be read."""
        if grade.status is not Status.GRADED:
            return self.of_rejected(grade)
        try:
            notebook = nbformat.reads(autograded.read_text(encoding="utf-8"), as_version=4)
        except Exception:  # noqa: BLE001 - nbformat raises anything on malformed input
            return None
        reports = {e.id: report_text(e) for e in grade.exercises}
        notebook = with_other_reports(notebook, self._assignment, self._source, reports)
        return self._finished(grade, notebook)

    def _finished(self, grade: Grade, notebook: nbformat.NotebookNode) -> Finished:
        return Finished(
            grade,
            autograded=nbformat.writes(notebook) + "\n",
            feedback=render_student(grade, self._assignment),
            comments={e.id: comment_for(e) for e in grade.exercises},
        )
