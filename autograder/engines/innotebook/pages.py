"""The students' pages: nbgrader keeps one for each notebook."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from autograder.course.assignment import Assignment
from autograder.course.gradebook.byhand import ByHand
from autograder.engines.innotebook.release_record import Recorded
from autograder.engines.points import total
from autograder.feedback.render import render_student
from autograder.verdict import Grade, Lateness, Status

__all__ = ["NotebookPages"]


class NotebookPages:
    """Renders the pages of one assignment from grades alone."""

    def __init__(self, recorded: Recorded, assignment: Assignment) -> None:
        self._recorded = recorded
        self._assignment = assignment

    def of(self, grade: Grade) -> dict[str, str]:
        """Return the page of each notebook; a submission that was not graded has its reason on each."""
        return {n.name: self.page(grade, n.name) for n in self._recorded.notebooks}

    def page(
        self, grade: Grade, notebook: str, late: Lateness | None = None, by_hand: Mapping[str, ByHand] | None = None
    ) -> str:
        """Return the page of one notebook, with what being late costs it and what a person entered."""
        if grade.status is not Status.GRADED:
            return render_student(replace(grade, late=late), self._assignment, by_hand=by_hand or {})
        prefix = self._recorded.exercise_id(notebook, "")
        mine = tuple(r for r in grade.exercises if r.id.startswith(prefix))
        part = replace(
            grade,
            exercises=mine,
            score=total(mine),
            max_score=sum((r.max_score for r in mine), start=Fraction(0)),
            late=late,
        )
        return render_student(part, self._part(notebook), by_hand=by_hand or {})

    @functools.cache  # noqa: B019 - it lives as long as its process
    def _part(self, notebook: str) -> Assignment:
        prefix = self._recorded.exercise_id(notebook, "")
        kept = tuple(e for e in self._assignment.exercises if e.id.startswith(prefix))
        several = len(self._recorded.notebooks) > 1
        title = f"{self._assignment.title}: {notebook}" if several else self._assignment.title
        return replace(self._assignment, title=title, exercises=kept)
