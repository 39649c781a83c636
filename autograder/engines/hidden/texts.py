"""The texts of one submission: the autograded notebook, the feedback page, the comments for nbgrader."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from autograder.course.assignment import Assignment
from autograder.course.gradebook.rows import CellRow
from autograder.course.notebook.autograded import CellRun, autograded_notebook, is_untouched, with_other_reports
from autograder.course.notebook.cells import grade_id, is_solution
from autograder.course.notebook.compose import compose_source
from autograder.course.notebook.read import Submission
from autograder.engines.base import Finished
from autograder.feedback.comments import comment_for, report_text
from autograder.feedback.render import render_student
from autograder.verdict import Grade, Status

if TYPE_CHECKING:
    # Judges load it anyway; the coordinator does without pytest and the code that runs checks.
    from autograder.engines.hidden.scoring import Graded

__all__ = ["Texts", "rows_of"]


class Texts:
    """Makes the texts of an assignment's submissions; the coordinator writes them to files."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment

    @functools.cached_property
    def _source(self) -> nbformat.NotebookNode:
        return compose_source(self._assignment)

    def of_graded(self, graded: Graded, submission: Submission) -> Finished:
        """Return the verdict with the notebook as it ran and the feedback."""
        grade = graded.grade
        runs = {index: CellRun(outcome.outputs, outcome.execution_count) for index, outcome in graded.outcomes.items()}
        reports = {e.id: report_text(e) for e in grade.exercises}
        notebook = autograded_notebook(submission, self._assignment, self._source, runs, reports)
        return self._finished(replace(grade, untouched=self._untouched(notebook)), notebook)

    def _untouched(self, notebook: nbformat.NotebookNode) -> tuple[str, ...]:
        """Return the written questions whose cells are as they were handed out, with no cell of the student below."""
        known = {cell.source.strip() for cell in self._source.cells}
        left: set[str | None] = set()
        for cell, below in itertools.zip_longest(notebook.cells, notebook.cells[1:]):
            # Some write their answer into a new cell; a person reads it.
            added = below is not None and grade_id(below) is None and below.source.strip() not in {"", *known}
            if is_solution(cell) and is_untouched(cell) and not added:
                left.add(grade_id(cell))
        return tuple(e.id for e in self._assignment.exercises if e.written and e.test_cell in left)

    def of_rejected(self, grade: Grade) -> Finished:
        """Return the verdict with feedback that says why nothing could be graded."""
        slug = self._assignment.slug
        return Finished(
            grade, pages={slug: render_student(grade, self._assignment)}, rows=rows_of(grade, self._assignment)
        )

    def of_reevaluated(self, grade: Grade, autograded: Path) -> Finished | None:
        """Return a verdict that was scored anew, with the earlier run's notebook; None if that cannot be read."""
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
        slug = self._assignment.slug
        return Finished(
            grade,
            notebooks={slug: nbformat.writes(notebook) + "\n"},
            pages={slug: render_student(grade, self._assignment)},
            rows=rows_of(grade, self._assignment),
            comments={(slug, e.id): comment_for(e) for e in grade.exercises},
        )


def rows_of(grade: Grade, assignment: Assignment) -> tuple[CellRow, ...]:
    """Return the gradebook's row of each graded cell; a written question that was answered waits for a person."""
    slug = assignment.slug
    if grade.status is Status.REJECTED:
        return tuple(CellRow(slug, e.test_cell, 0.0) for e in assignment.exercises)
    written = (
        CellRow(slug, e.test_cell, 0.0 if e.id in grade.untouched else None) for e in assignment.exercises if e.written
    )
    coded = (CellRow(slug, assignment.exercise(e.id).test_cell, float(e.score), e.review) for e in grade.exercises)
    return (*coded, *written)
